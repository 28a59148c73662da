"""Addresses of the register."""

from django.urls import path

from yanglao.registers.people.views import changes, lists, merging, person

app_name = "people"
urlpatterns = [
    path("people/", lists.People.as_view(), name="list"),
    path("people/add/", changes.AddPerson.as_view(), name="add"),
    path("people/claims/", lists.Claims.as_view(), name="claims"),
    path("people/claims/<int:pk>/", changes.Settle.as_view(), name="settle"),
    path("people/merges/", merging.Merges.as_view(), name="merges"),
    path("people/merges/<int:pk>/", merging.Unmerge.as_view(), name="unmerge"),
    path("people/<int:pk>/merge/", merging.FindOther.as_view(), name="find_other"),
    path("people/<int:keep>/merge/<int:drop>/", merging.MergeFiles.as_view(), name="merge"),
    path("people/<int:pk>/", person.PersonPage.as_view(), name="person"),
    path("people/<int:pk>/sheet/", person.PersonSheet.as_view(), name="sheet"),
    path("people/<int:pk>/reveal/", person.reveal, name="reveal"),
    path("people/<int:pk>/correct/", changes.Correct.as_view(), name="correct"),
    path("people/<int:pk>/record/", changes.ChooseKind.as_view(), name="choose_kind"),
    path("people/<int:pk>/record/<slug:kind>/", changes.Record.as_view(), name="record"),
    path("people/<int:pk>/move/", changes.Move.as_view(), name="move"),
    path("people/<int:pk>/death/", changes.Death.as_view(), name="death"),
    path("people/<int:pk>/revive/", changes.Revive.as_view(), name="revive"),
    path("people/<int:pk>/contacts/add/", changes.AddContact.as_view(), name="add_contact"),
    path("people/<int:pk>/account/", changes.SetAccount.as_view(), name="set_account"),
    path("people/facts/<int:pk>/amend/", changes.Amend.as_view(), name="amend"),
    path("people/facts/<int:pk>/end/", changes.End.as_view(), name="end"),
    path("people/facts/<int:pk>/withdraw/", changes.Withdraw.as_view(), name="withdraw"),
    path("people/contacts/<int:pk>/remove/", changes.RemoveContact.as_view(), name="remove_contact"),
]
