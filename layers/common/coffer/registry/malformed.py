"""What the codecs raise."""


class MalformedError(ValueError):
    """A text that is not what it should be. The message goes on from «it …» and never quotes the text as a whole:
    people paste private keys into address fields.
    """
