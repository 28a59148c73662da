"""Changing the policies in use: called by actions of policymaking, which check the right and write the audit."""

from yanglao.entitlement.benefits.published import back_to_folder, put_in_force

__all__ = ["back_to_folder", "put_in_force"]
