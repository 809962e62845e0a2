"""A pytest plugin: the structure, the worked cases, the laws and the branch coverage of policy folders are tests.

Nothing happens in a project that names no folder, by ``aftersales_policies`` in its configuration or by
``--aftersales-policy``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from aftersales.pytest_plugin.folder import PolicyFolder
from aftersales.pytest_plugin.items import CasesFile, LawItem, LawsFile, PolicyFile
from aftersales.pytest_plugin.options import add_options, chosen

_FOLDERS: pytest.StashKey[dict[Path, PolicyFolder]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each on the command line and in the configuration file."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Note the policy folders, and have them collected where the call names no place of its own.

    Raises UsageError for an option that makes no sense and for a folder without a policy.
    """
    options = chosen(config)
    config.stash[_FOLDERS] = {folder: PolicyFolder(folder, options) for folder in options.folders}
    if options.folders:
        config.addinivalue_line("markers", "aftersales: a check of an after-sales policy folder")
    for folder in options.folders:
        if _is_wanted(folder, config, named=options.named):
            config.args.append(str(folder))


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect ``policy.yaml``, ``laws.yaml`` and the worked cases of the policy folders; other files are not ours."""
    folders, place = parent.config.stash[_FOLDERS], file_path.resolve()
    if place.suffix != ".yaml":
        return None
    if place.parent.name == "cases" and place.parent.parent in folders:
        return CasesFile.of(folders[place.parent.parent], path=file_path, parent=parent)
    folder = folders.get(place.parent)
    if folder is None:
        return None
    if place.name == "policy.yaml":
        return PolicyFile.of(folder, path=file_path, parent=parent)
    if place.name == "laws.yaml" and folder.options.laws != "off":
        return LawsFile.of(folder, path=file_path, parent=parent)
    return None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Note which laws were chosen: they are proved together, the others not at all."""
    for item in session.items:
        if isinstance(item, LawItem):
            item.folder.laws_chosen.append(item.name)


def _is_wanted(folder: Path, config: pytest.Config, *, named: bool) -> bool:
    """Return whether a folder must be added to what is collected: not where the call names places, and only once."""
    if config.args_source is pytest.Config.ArgsSource.ARGS and not named:
        return False
    here = config.invocation_params.dir
    places = [(here / arg.split("::")[0]).resolve() for arg in config.args]
    return not any(folder.is_relative_to(place) or place.is_relative_to(folder) for place in places)
