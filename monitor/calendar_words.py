"""Words of dates: months, zones, days back, in the languages of our sources."""

from __future__ import annotations

import re

#: Twelve months a line, `|` between spellings; keyed by language for the reader only.
_NAMES = {
    "en": "jan|january feb|february mar|march apr|april may jun|june jul|july aug|august "
    "sep|sept|september oct|october nov|november dec|december",
    "ru": "янв|январь|января|январе фев|февр|февраль|февраля мар|март|марта апр|апрель|апреля "
    "май|мая июн|июнь|июня июл|июль|июля авг|август|августа сен|сент|сентябрь|сентября "
    "окт|октябрь|октября ноя|нояб|ноябрь|ноября дек|декабрь|декабря",
    "uk": "січ|січень|січня лют|лютий|лютого бер|березень|березня кві|квітень|квітня "
    "тра|травень|травня чер|червень|червня лип|липень|липня сер|серпень|серпня "
    "вер|вересень|вересня жов|жовтень|жовтня лис|листопад|листопада гру|грудень|грудня",
    "kk": "қаң|қаңтар ақп|ақпан нау|наурыз сәу|сәуір мам|мамыр мау|маусым шіл|шілде там|тамыз "
    "қыр|қыркүйек қаз|қазан қар|қараша жел|желтоқсан",
    "uz": "yan|yanvar fev|fevral mart apr|aprel may iyn|iyun iyl|iyul avg|avgust "
    "sen|sentabr|sentyabr okt|oktabr|oktyabr noy|noyabr dek|dekabr",
    "de": "jan|januar|jänner feb|februar mär|mrz|märz apr|april mai jun|juni jul|juli "
    "aug|august sep|september okt|oktober nov|november dez|dezember",
    "fr": "janv|janvier févr|fév|février|fevrier mars avr|avril mai juin juil|juillet août|aout "
    "sept|septembre oct|octobre nov|novembre déc|décembre|decembre",
    "es": "ene|enero feb|febrero mar|marzo abr|abril mayo jun|junio jul|julio ago|agosto "
    "sep|septiembre|setiembre oct|octubre nov|noviembre dic|diciembre",
    "pt": "jan|janeiro fev|fevereiro mar|março|marco abr|abril mai|maio jun|junho jul|julho "
    "ago|agosto set|setembro out|outubro nov|novembro dez|dezembro",
    "it": "gen|gennaio feb|febbraio mar|marzo apr|aprile mag|maggio giu|giugno lug|luglio "
    "ago|agosto set|settembre ott|ottobre nov|novembre dic|dicembre",
    "tr": "oca|ocak şub|şubat mar|mart nis|nisan may|mayıs haz|haziran tem|temmuz ağu|ağustos "
    "eyl|eylül eki|ekim kas|kasım ara|aralık",
    "id": "jan|januari feb|februari mar|maret apr|april mei jun|juni jul|juli agu|agustus "
    "sep|september okt|oktober nov|november des|desember",
    "ar": "يناير فبراير|شباط مارس|آذار أبريل|ابريل|إبريل|نيسان مايو|أيار يونيو|يونيه|حزيران "
    "يوليو|يوليه|تموز أغسطس|اغسطس|آب سبتمبر|أيلول أكتوبر|اكتوبر نوفمبر ديسمبر",
    "pl": "sty|stycznia lut|lutego mar|marca kwi|kwietnia maj|maja cze|czerwca lip|lipca "
    "sie|sierpnia wrz|września paź|października lis|listopada gru|grudnia",
}

#: Lower-case month name or abbreviation -> 1 to 12.
MONTHS: dict[str, int] = {
    spelling: number
    for names in _NAMES.values()
    for number, spellings in enumerate(names.split(), 1)
    for spelling in spellings.split("|")
}

#: Zone name -> minutes east of UTC. Names with two meanings have the one usual in news.
ZONES: dict[str, int] = {
    **dict.fromkeys(("UT", "UTC", "GMT", "Z", "WET"), 0),
    **dict.fromkeys(("BST", "CET", "MEZ", "WEST", "WAT"), 60),
    **dict.fromkeys(("CEST", "MESZ", "EET", "SAST", "CAT"), 120),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT"), 180),
    **dict.fromkeys(("GST", "SAMT"), 240),
    **dict.fromkeys(("PKT", "YEKT", "UZT", "ALMT"), 300),
    "IST": 330,
    **dict.fromkeys(("WIB", "ICT", "KRAT"), 420),
    **dict.fromkeys(("HKT", "SGT", "AWST", "MYT", "PHT", "IRKT", "ULAT"), 480),
    **dict.fromkeys(("JST", "KST"), 540),
    "ACST": 570,
    **dict.fromkeys(("AEST", "VLAT"), 600),
    "ACDT": 630,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    **dict.fromkeys(("BRT", "ART", "ADT", "CLST"), -180),
    **dict.fromkeys(("EDT", "AST", "CLT"), -240),
    **dict.fromkeys(("EST", "CDT", "PET", "COT", "ET"), -300),
    **dict.fromkeys(("CST", "MDT"), -360),
    **dict.fromkeys(("MST", "PDT"), -420),
    "PST": -480,
    "PT": -480,
    "AKST": -540,
    "AKDT": -480,
    "HST": -600,
}

#: Marks of the hours after noon.
AFTERNOON = ("下午", "晚上", "오후", "午後")

#: Words for a day -> how many days ago it was; longer words first.
DAYS_BACK: dict[str, int] = {
    "vorgestern": 2, "позавчера": 2, "anteayer": 2, "前天": 2,
    "yesterday": 1, "gestern": 1, "вчера": 1, "вчора": 1, "кеше": 1, "hier": 1, "ayer": 1,
    "ontem": 1, "昨天": 1, "昨日": 1, "어제": 1, "hôm qua": 1,
    "today": 0, "heute": 0, "сегодня": 0, "сьогодні": 0, "бүгін": 0, "aujourd": 0, "hoy": 0,
    "hoje": 0, "今天": 0, "今日": 0, "오늘": 0, "hôm nay": 0,
}  # fmt: skip

_UNITS = (
    (60, r"min(?:ute)?s?|мин\w*|minuten?|分钟|分鐘|分|분|phút"),
    (3600, r"h(?:ou)?rs?|hours?|час\w*|stunden?|сағат|小时|小時|時間|시간|giờ"),
    (86400, r"days?|дн\w+|день|дня|tage?n?|күн|天|日|일|ngày"),
    (604800, r"weeks?|недел\w+|wochen?|周|週間|주|tuần"),
)
#: "3 hours ago", "3 часа назад", "vor 3 Stunden", "3小时前": pattern, seconds per unit.
AGO: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(rf"(?<!\d)(\d{{1,3}})\s*(?:{unit})\s*(?:ago|назад|бұрын|前|전|trước)"), seconds)
    for seconds, unit in _UNITS
) + tuple(
    (re.compile(rf"(?:vor|il y a|hace|há)\s+(\d{{1,3}})\s*(?:{unit})(?!\w)"), seconds)
    for seconds, unit in (*_UNITS, (3600, "heures?|horas?"), (86400, "jours?|d[ií]as?|dias?"))
)
