"""Where signals come from: Oscar's and Django's own signals, rendered responses, the browser's beats."""
