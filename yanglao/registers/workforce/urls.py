"""Addresses of the register."""

from django.urls import path

from yanglao.registers.workforce.views import changes, lists, ratio, rolls, worker

app_name = "workforce"
urlpatterns = [
    path("workforce/", lists.Workers.as_view(), name="list"),
    path("workforce/add/", changes.AddWorker.as_view(), name="add"),
    path("workforce/staff/", lists.Staff.as_view(), name="staff"),
    path("workforce/gaps/", lists.Gaps.as_view(), name="gaps"),
    path("workforce/ratio/", ratio.Ratio.as_view(), name="ratio"),
    path("workforce/calendar/", rolls.Calendar.as_view(), name="calendar"),
    path("workforce/certificates/", lists.Certificates.as_view(), name="certificates"),
    path("workforce/pool/", lists.Pool.as_view(), name="pool"),
    path("workforce/awards/", lists.Awards.as_view(), name="awards"),
    path("workforce/studios/", lists.Studios.as_view(), name="studios"),
    path("workforce/places/<int:pk>/", rolls.PlaceStaff.as_view(), name="place_staff"),
    path("workforce/<int:pk>/", worker.WorkerPage.as_view(), name="worker"),
    path("workforce/<int:pk>/sheet/", worker.WorkerSheet.as_view(), name="sheet"),
    path("workforce/<int:pk>/reveal/", worker.reveal, name="reveal"),
    path("workforce/<int:pk>/correct/", changes.Correct.as_view(), name="correct"),
    path("workforce/<int:pk>/hire/", changes.Hire.as_view(), name="hire"),
    path("workforce/<int:pk>/certificates/add/", changes.AddCertificate.as_view(), name="add_certificate"),
    path("workforce/<int:pk>/awards/add/", changes.AddAward.as_view(), name="add_award"),
    path("workforce/<int:pk>/studios/add/", changes.OpenStudio.as_view(), name="open_studio"),
    path("workforce/<int:pk>/appoint/", changes.Appoint.as_view(), name="appoint"),
    path("workforce/spells/<int:pk>/end/", changes.End.as_view(), name="end"),
    path("workforce/spells/<int:pk>/change/", changes.Change.as_view(), name="change"),
    path("workforce/spells/<int:pk>/transfer/", changes.Transfer.as_view(), name="transfer"),
    path("workforce/spells/<int:pk>/amend/", changes.Amend.as_view(), name="amend"),
    path("workforce/spells/<int:pk>/withdraw/", changes.Withdraw.as_view(), name="withdraw"),
    path("workforce/certificates/<int:pk>/scan/", worker.evidence, name="evidence"),
    path(
        "workforce/certificates/<int:pk>/correct/",
        changes.CorrectCertificate.as_view(),
        name="correct_certificate",
    ),
    path("workforce/certificates/<int:pk>/verify/", changes.Verify.as_view(), name="verify_certificate"),
    path("workforce/certificates/<int:pk>/revoke/", changes.Revoke.as_view(), name="revoke_certificate"),
    path(
        "workforce/certificates/<int:pk>/withdraw/",
        changes.WithdrawCertificate.as_view(),
        name="withdraw_certificate",
    ),
    path("workforce/awards/<int:pk>/withdraw/", changes.WithdrawAward.as_view(), name="withdraw_award"),
    path("workforce/studios/<int:pk>/close/", changes.CloseStudio.as_view(), name="close_studio"),
    path("workforce/pool/<int:pk>/leave/", changes.LeavePool.as_view(), name="leave_pool"),
]
