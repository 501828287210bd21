"""What the stack says of itself."""

from typing import Literal

from pydantic import BaseModel


class Health(BaseModel):
    """The stack is up."""

    status: Literal["UP"]


class Version(BaseModel):
    """Which version is deployed."""

    version: str
