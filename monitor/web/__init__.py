"""What is served over HTTP: health for operators, metrics."""
