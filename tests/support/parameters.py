"""What CloudFormation makes of parameters and of the conditions that ask for them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.template import template

_FUNCTIONS: Mapping[str, Callable[[Any], object]] = {
    "Fn::Not": lambda arguments: not arguments[0],
    "Fn::Equals": lambda arguments: arguments[0] == arguments[1],
    "Fn::Split": lambda arguments: arguments[1].split(arguments[0]),
}


def given(part: Any, **parameters: str) -> Any:  # noqa: ANN401 -- any part of a template
    """A part of the template with these parameters in their places; all others have their defaults."""
    declared = template()["Parameters"]
    assert parameters.keys() <= declared.keys()
    return _Values({name: parameters.get(name, str(each["Default"])) for name, each in declared.items()}).put_into(part)


@dataclass(frozen=True, slots=True)
class _Values:
    parameters: Mapping[str, str]

    def put_into(self, part: Any) -> Any:  # noqa: ANN401
        match part:
            case list():
                return [self.put_into(each) for each in part]
            case dict() if len(part) == 1:
                return self._call(*next(iter(part.items())))
            case dict():
                return {name: self.put_into(each) for name, each in part.items()}
        return part

    def _call(self, name: str, argument: Any) -> Any:  # noqa: ANN401
        match name, argument:
            case "Ref", str(parameter) if parameter in self.parameters:
                return self.parameters[parameter]
            case "Fn::If", [condition, then, otherwise]:
                return self.put_into(then if self.put_into(template()["Conditions"][condition]) else otherwise)
            case "Fn::Sub", str(text):
                for parameter, value in self.parameters.items():
                    text = text.replace(f"${{{parameter}}}", value)
                return {name: text}
        inner = self.put_into(argument)
        return _FUNCTIONS[name](inner) if name in _FUNCTIONS else {name: inner}
