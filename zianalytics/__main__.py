"""`python -m zianalytics` is `zia`."""

from zianalytics.cli import main

if __name__ == "__main__":
    main()
