"""What all models have in common."""

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """Nothing unknown, nothing converted, nothing changed afterwards."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # whatever goes wrong with what is stored, it stays out of the log
        defer_build=True,  # of the models that a function loads it uses few: each is built when it is used first
    )
