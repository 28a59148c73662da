"""Tables of ability assessments."""

from yanglao.entitlement.assessment.models.bodies import Assessor, Body
from yanglao.entitlement.assessment.models.requests import Assignment, Request, Visit
from yanglao.entitlement.assessment.models.results import Assessment, Signature
from yanglao.entitlement.assessment.models.sampling import Sample, SampleLine
from yanglao.entitlement.assessment.models.sent import Attachment, Record
from yanglao.entitlement.assessment.models.versions import ScaleVersion

__all__ = [
    "Assessment",
    "Assessor",
    "Assignment",
    "Attachment",
    "Body",
    "Record",
    "Request",
    "Sample",
    "SampleLine",
    "ScaleVersion",
    "Signature",
    "Visit",
]
