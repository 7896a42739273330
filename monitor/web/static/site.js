"use strict";
/*
What the pages can do beyond links and forms. Without this file everything still works.

What pages say in attributes:
  data-item            an item of a list; j and k go from one to the next (give it an id)
  data-key="e"         what this key clicks or focuses: in the current item, else on the page; several: "x Space"
  data-advance         on a button of an item: after its answer the next item is current
  data-poll-url="/…"   asked every 30 s while the page is seen; the answer is JSON {"count": 12, "text": "12 new"};
                       its link is shown with the text (macro `ui.news_bar`)
  data-confirm="…"     on a form or its button: asked before it is sent
  data-autosubmit      on a field: its form is sent when it changes
  data-check-all="choice"   a box that checks all boxes of that name; [data-when-checked] is shown
                       while one is checked, [data-checked-count] holds how many
  data-copy="…"        on a button: copies this text
  data-dialog="id"     on a link: opens that dialog instead

What answers to htmx say: the header HX-Trigger: {"said": {"text": "Kept.", "undo": "17"}} (`pages.tell`).
*/
(() => {
  const body = document.body;
  document.documentElement.classList.add("js");
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const words = body.dataset;

  // ---- the reader's zone, for the next page ------------------------------------------------

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.split("; ").includes(`zone=${zone}`))
    document.cookie = `zone=${zone}; Path=/; SameSite=Lax; Max-Age=31536000`;

  // ---- what is said ------------------------------------------------------------------------

  const toasts = document.getElementById("toasts");
  const SHOWN_MS = 8000;

  function say(text, { undo = "", isBad = false } = {}) {
    const toast = document.createElement("div");
    toast.className = isBad ? "toast toast-bad" : "toast";
    toast.append(Object.assign(document.createElement("span"), { textContent: text }));
    if (undo) toast.append(undoButton(undo));
    if (isBad) toast.append(button(words.wordClose, () => toast.remove()));
    toasts.replaceChildren(toast);
    if (!isBad) fade(toast);
  }

  function fade(toast) {
    const end = () => (toast.matches(":hover, :focus-within") ? setTimeout(end, SHOWN_MS) : toast.remove());
    setTimeout(end, SHOWN_MS);
  }

  function button(text, act) {
    const made = Object.assign(document.createElement("button"), {
      type: "button", className: "btn btn-small", textContent: text,
    });
    made.addEventListener("click", act);
    return made;
  }

  function undoButton(batch) {
    const made = button(words.wordUndo + " ", () => undo(batch));
    made.append(Object.assign(document.createElement("kbd"), { textContent: "u" }));
    return made;
  }

  function undo(batch) {
    const form = remember(batch);
    if (form) form.requestSubmit();
  }

  // The key `u` takes back what was done last.
  function remember(batch) {
    const form = document.getElementById("undo-last");
    if (form) form.elements.batch.value = batch;
    return form;
  }

  body.addEventListener("said", (event) => {
    say(event.detail.text, event.detail);
    remember(event.detail.undo || "");
  });
  all(".toast:not(.toast-bad)", toasts).forEach(fade);

  // ---- requests of htmx --------------------------------------------------------------------

  body.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-Token"] = words.token;
  });
  // A conflict comes with the item as it is now; a whole page of an error is not put into this one.
  // It is told here: the element that asked, where later events begin, is about to go.
  body.addEventListener("htmx:beforeSwap", (event) => {
    const { detail } = event;
    const { status, response } = detail.xhr;
    if (status !== 409 && status !== 422) return;
    detail.shouldSwap = !/^\s*<!doctype/i.test(response);
    detail.isError = false;
    sayWhy(status, response);
  });
  body.addEventListener("htmx:responseError", (event) => {
    sayWhy(event.detail.xhr.status, event.detail.xhr.response);
  });
  function sayWhy(status, response) {
    const told = new DOMParser().parseFromString(response, "text/html").querySelector("[data-error]");
    const known = { 401: words.word403, 403: words.word403, 409: words.word409 };
    say(told ? told.textContent.trim() : known[status] || words.word500, { isBad: true });
  }
  for (const name of ["htmx:sendError", "htmx:timeout"])
    body.addEventListener(name, () => say(words.wordOffline, { isBad: true }));

  // ---- items and the current one -----------------------------------------------------------

  let current = null;
  let isByKey = false;
  let waiting = null;
  // Items whose box stays checked when something else is done to them.
  let chosen = [];

  const items = () => all("[data-item]").filter((item) => item.offsetParent !== null);
  const itemOf = (element) => (element instanceof Element ? element.closest("[data-item]") : null);

  function choose(item, { scroll = true } = {}) {
    if (!item) return;
    if (current && current !== item) current.tabIndex = -1;
    current = item;
    item.tabIndex = 0;
    item.focus({ preventScroll: true });
    if (scroll) item.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const listed = items();
    const at = listed.indexOf(current);
    if (at >= 0) choose(listed[Math.min(Math.max(at + by, 0), listed.length - 1)]);
    else choose(listed.find((item) => item.getBoundingClientRect().bottom > 80) || listed[0]);
  }

  function firstStop() {
    const listed = items();
    if (listed.length && !listed.some((item) => item.tabIndex === 0)) listed[0].tabIndex = 0;
  }

  document.addEventListener("focusin", (event) => {
    const item = itemOf(event.target);
    if (!item || item === current) return;
    if (current) current.tabIndex = -1;
    all('[data-item][tabindex="0"]').forEach((one) => { one.tabIndex = -1; });
    current = item;
    item.tabIndex = 0;
  });
  document.addEventListener("pointerdown", () => { isByKey = false; });
  firstStop();

  body.addEventListener("htmx:beforeRequest", (event) => {
    const element = event.detail.elt;
    const pressed = event.detail.requestConfig.triggeringEvent?.submitter || element;
    const item = itemOf(pressed) || itemOf(document.activeElement);
    chosen = pressed.name === "one" ? all("[data-item] > input:checked").map((box) => itemOf(box).id) : [];
    if (!item) return;
    waiting = {
      id: item.id,
      at: items().indexOf(item),
      isAdvancing: isByKey && pressed.closest("[data-advance]") !== null,
    };
  });
  // The item stays where it was; only which one is current changes.
  body.addEventListener("htmx:afterSettle", () => {
    firstStop();
    for (const id of chosen) {
      const box = document.querySelector(`#${id}:not(.is-decided) > input`);
      if (box) box.checked = true;
    }
    const was = waiting;
    const isLost = document.activeElement === body || !document.activeElement?.isConnected;
    if (!was || !(isLost || was.isAdvancing)) return;
    waiting = null;
    const listed = items();
    const found = listed.findIndex((item) => item.id === was.id);
    const at = found < 0 ? was.at : found + (was.isAdvancing ? 1 : 0);
    choose(listed[Math.min(at, listed.length - 1)], { scroll: isByKey });
  });

  // ---- keys --------------------------------------------------------------------------------

  const FIELDS = 'input:not([type="checkbox"], [type="radio"], [type="button"], [type="submit"]), textarea, select, [contenteditable]';

  // On a keyboard of another script the letter is where it is on a Latin one.
  function keyOf(event) {
    const { key, code } = event;
    if (code === "Slash" && key === ".") return "/";
    if (code === "Slash" && key === ",") return "?";
    const isForeign = key === "Process" || (key.length === 1 && key > "\x7f");
    if (isForeign && code.startsWith("Key")) return code.slice(3).toLowerCase();
    return key.length === 1 ? key.toLowerCase() : key;
  }

  function hasKey(element, key) {
    return element.dataset.key.split(" ").includes(key) && !element.disabled;
  }

  function actorOf(key) {
    const bound = (within) => all("[data-key]", within).find((element) => hasKey(element, key));
    const item = itemOf(document.activeElement) || (current?.isConnected ? current : null);
    if (item) {
      const found = bound(item) || (item.matches("[data-key]") && hasKey(item, key) ? item : null);
      if (found) return found;
    }
    const wide = all("[data-key]").filter((element) => !itemOf(element) && hasKey(element, key));
    return wide.find((element) => element.closest("main")) || wide[0];
  }

  function act(element) {
    if (element.matches(FIELDS)) {
      element.focus();
      element.select?.();
      return;
    }
    element.click();
    const opened = element.matches("summary") && element.parentElement.open;
    if (opened) element.parentElement.querySelector("textarea, input:not([type=hidden]), select")?.focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    const target = event.target;
    if (target.closest(FIELDS)) {
      if (event.key === "Escape") itemOf(target) ? choose(itemOf(target)) : target.blur();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const key = keyOf(event);
    const isOnItem = target.matches("[data-item]");
    // Enter and the space bar belong to the link or button that has the focus.
    if ((key === "Enter" || key === " ") && !isOnItem) return;
    isByKey = true;
    const step = { j: 1, k: -1, ...(itemOf(target) && { ArrowDown: 1, ArrowUp: -1 }) }[key];
    if (step && items().length) {
      event.preventDefault();
      move(step);
      return;
    }
    const actor = actorOf(key === " " ? "Space" : key);
    if (!actor) return;
    event.preventDefault();
    act(actor);
  });

  // ---- small things ------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      dialog.showModal();
    }
    const copied = event.target.closest("[data-copy]");
    if (copied) navigator.clipboard?.writeText(copied.dataset.copy).then(() => say(words.wordCopied));
  });

  document.addEventListener("submit", (event) => {
    const asked = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) event.preventDefault();
  }, true);

  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.matches("[data-autosubmit]")) field.form.requestSubmit();
    if (field.dataset.checkAll)
      all(`input[type="checkbox"][name="${field.dataset.checkAll}"]`).forEach((box) => { box.checked = field.checked; });
    if (field.type === "checkbox") count();
  });

  function count() {
    for (const master of all("[data-check-all]")) {
      const boxes = all(`input[type="checkbox"][name="${master.dataset.checkAll}"]`);
      const checked = boxes.filter((box) => box.checked).length;
      master.checked = checked > 0 && checked === boxes.length;
      master.indeterminate = checked > 0 && checked < boxes.length;
      all("[data-when-checked]").forEach((element) => { element.hidden = checked === 0; });
      all("[data-checked-count]").forEach((element) => { element.textContent = checked; });
    }
  }
  count();
  body.addEventListener("htmx:afterSettle", count);

  // ---- news: told of, never put in -----------------------------------------------------------

  function watch(bar) {
    const everyMs = 1000 * (Number(bar.dataset.pollSeconds) || 30);
    let lastAt = Date.now();
    async function look() {
      if (document.hidden || Date.now() - lastAt < everyMs * 0.9) return;
      lastAt = Date.now();
      const answer = await fetch(bar.dataset.pollUrl, { headers: { Accept: "application/json" } }).catch(() => null);
      const news = answer?.ok ? await answer.json().catch(() => null) : null;
      if (!news?.count || bar.dataset.count === String(news.count)) return;
      bar.dataset.count = news.count;
      bar.querySelector("a").textContent = news.text;
      bar.hidden = false;
    }
    setInterval(look, everyMs);
    document.addEventListener("visibilitychange", look);
  }
  all("[data-poll-url]").forEach(watch);
})();
