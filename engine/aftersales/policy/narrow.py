"""A policy narrowed to one platform and one shop: each param keeps only the values that can apply there."""

from __future__ import annotations

from aftersales.dataclass import replace
from aftersales.errors import Diagnostic, PolicyError, did_you_mean
from aftersales.policy.model import Param, ParamValue, Policy
from aftersales.policy.rules import Conduct
from aftersales.text import Text


def narrow(policy: Policy, *, platform: str | None = None, shop: str | None = None) -> Policy:
    """Return ``policy`` for one platform and one shop, so that no case needs to name them; ``None`` leaves all.

    Raises PolicyError for a platform or a shop that no file of the policy speaks of.
    """
    _known(platform, _platforms(policy), Text("平台", "platform"))
    _known(
        shop,
        set(shops_of(policy)),
        Text("店铺", "shop"),
    )
    params = {name: _narrowed(param, platform, shop) for name, param in policy.params.items()}
    return replace(policy, params=params, conduct=_conduct(policy.conduct, platform))


def shops_of(policy: Policy) -> frozenset[str]:
    """Return the shops that have values of their own."""
    return frozenset(value.shop for param in policy.params.values() for value in param.values if value.shop)


def _conduct(conduct: Conduct, platform: str | None) -> Conduct:
    """Keep the rules and penalties of one platform; they then hold whatever the case says."""
    if platform is None:
        return conduct
    rules = {
        name: replace(
            rule,
            platforms=(),
            penalties=tuple(
                replace(penalty, platforms=())
                for penalty in rule.penalties
                if not penalty.platforms or platform in penalty.platforms
            ),
        )
        for name, rule in conduct.rules.items()
        if not rule.platforms or platform in rule.platforms
    }
    return replace(conduct, rules=rules)


def _platforms(policy: Policy) -> set[str]:
    fact = policy.facts.get("platform")
    named = {value.platform for param in policy.params.values() for value in param.values if value.platform}
    return named | set(fact.type.values if fact is not None else ())


def _known(name: str | None, known: set[str], what: Text) -> None:
    if name is not None and name not in known:
        message = Text(f"政策中没有{what.zh} {name}", f"the policy knows no {what.en} {name}")
        raise PolicyError(Diagnostic(f"unknown_{what.en}", message, hint=did_you_mean(name, known)))


def _narrowed(param: Param, platform: str | None, shop: str | None) -> Param:
    values = param.values
    if shop is not None:
        values = _closest(values, "shop", shop)
    if platform is not None:
        values = _closest(values, "platform", platform)
    return replace(param, values=values)


def _closest(values: tuple[ParamValue, ...], layer: str, name: str) -> tuple[ParamValue, ...]:
    """Keep what ``name`` says of itself, else what is said for everyone; other layers are left as they are."""
    own = tuple(value for value in values if getattr(value, layer) == name)
    general = tuple(value for value in values if getattr(value, layer) is None)
    if layer == "platform":
        shops = tuple(value for value in values if value.shop is not None)
        general = tuple(value for value in general if value.shop is None)
        return shops + tuple(replace(value, platform=None) for value in own or general)
    return tuple(replace(value, shop=None) for value in own) or general
