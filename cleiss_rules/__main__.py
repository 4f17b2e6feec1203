"""``python -m cleiss_rules`` is the command line."""

from cleiss_rules.cli.main import run

if __name__ == "__main__":
    run()
