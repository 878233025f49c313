"""The command `levitas`: arguments in, text and exit code out."""
