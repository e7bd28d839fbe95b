"""粘贴识别: what commissioners write into WeChat becomes drafts of visits, by rules alone; nothing is made up."""

from commissioner_app.recognise.drafting import recognise
from commissioner_app.recognise.known import Known, KnownRecipient
from commissioner_app.recognise.result import Doubt, Recognised, Span, Where

__all__ = ["Doubt", "Known", "KnownRecipient", "Recognised", "Span", "Where", "recognise"]
