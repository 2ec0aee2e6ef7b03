"""One module for each output format: `render(report, style)` returns the text for stdout."""
