"""The figures of the overview by mail, every morning or every Monday; in: the same read functions, out: mails, each once."""
