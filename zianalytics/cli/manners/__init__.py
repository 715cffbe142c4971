"""What verbs share: how they are asked (options, files) and how they answer (tables, files, words, a demo's steps)."""

from zianalytics.cli.manners.accounts import Account, Home, account_folder, clock_of, opened
from zianalytics.cli.manners.given import columns_for, inputs_in
from zianalytics.cli.manners.lists import listed
from zianalytics.cli.manners.printing import Form, Format, show
from zianalytics.cli.manners.story import Story
from zianalytics.cli.manners.typed import typed
from zianalytics.cli.manners.warned import warnings_said
from zianalytics.cli.manners.written import refuse_name, refuse_unwritable, write_whole

__all__ = [
    "Account",
    "Form",
    "Format",
    "Home",
    "Story",
    "account_folder",
    "clock_of",
    "columns_for",
    "inputs_in",
    "listed",
    "opened",
    "refuse_name",
    "refuse_unwritable",
    "show",
    "typed",
    "warnings_said",
    "write_whole",
]
