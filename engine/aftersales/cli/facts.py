"""``aftersales facts``: the facts that a case may know."""

from __future__ import annotations

import argparse

from aftersales.cli.options import add_json, add_policy, lang_of, loaded, output, print_json
from aftersales.show.vocabulary import facts_json, show_facts

HELP = "list the facts of a case: name, type, who answers, values 列出案件可用的事实"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    add_policy(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print every fact of the policy."""
    policy = loaded(options).model
    if options.json:
        print_json(facts_json(policy))
    else:
        show_facts(policy, lang_of(options), output())
    return 0
