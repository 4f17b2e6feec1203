"""The command line: presentation only. Whatever takes long to import is imported by the command that needs it."""
