"""Addresses of vouchers."""

from django.urls import path

from yanglao.entitlement.vouchers.views import checking, overview, people, settling, spending

app_name = "vouchers"
urlpatterns = [
    path("vouchers/", overview.MonthPage.as_view(), name="month"),
    path("vouchers/issue/", overview.Issue.as_view(), name="issue"),
    path("vouchers/list/", people.VoucherList.as_view(), name="list"),
    path("vouchers/<int:pk>/", people.VoucherPage.as_view(), name="voucher"),
    path("vouchers/<int:pk>/claim/", people.ClaimVoucher.as_view(), name="claim_voucher"),
    path("vouchers/<int:pk>/kind/", people.ChangeKind.as_view(), name="change_kind"),
    path("vouchers/<int:pk>/void/", people.Void.as_view(), name="void"),
    path("vouchers/<int:pk>/card/", people.Card.as_view(), name="card"),
    path("vouchers/people/<int:pk>/", people.PersonPage.as_view(), name="person"),
    path("vouchers/people/<int:pk>/bar/", people.AddBar.as_view(), name="bar"),
    path("vouchers/bars/<int:pk>/lift/", people.Lift.as_view(), name="lift"),
    path("vouchers/providers/", spending.Providers.as_view(), name="providers"),
    path("vouchers/providers/new/", spending.Admit.as_view(), name="admit"),
    path("vouchers/providers/<int:pk>/end/", spending.EndAdmission.as_view(), name="end_admission"),
    path("vouchers/till/", spending.Till.as_view(), name="till"),
    path("vouchers/redemptions/", spending.Redemptions.as_view(), name="redemptions"),
    path("vouchers/redemptions/<int:pk>/", spending.RedemptionPage.as_view(), name="redemption"),
    path("vouchers/redemptions/<int:pk>/refund/", spending.GiveBack.as_view(), name="refund"),
    path("vouchers/claims/", settling.Claims.as_view(), name="claims"),
    path("vouchers/claims/new/", settling.Submit.as_view(), name="submit_claim"),
    path("vouchers/claims/<int:pk>/", settling.ClaimPage.as_view(), name="claim"),
    path("vouchers/claims/<int:pk>/approve/", settling.Approve.as_view(), name="approve"),
    path("vouchers/claims/<int:pk>/return/", settling.Return.as_view(), name="return_claim"),
    path("vouchers/claims/<int:pk>/unsettle/", settling.Unsettle.as_view(), name="unsettle"),
    path("vouchers/claims/<int:pk>/settle/", settling.Settle.as_view(), name="settle"),
    path("vouchers/statements/", checking.Statements.as_view(), name="statements"),
    path("vouchers/statements/<int:pk>/", checking.StatementPage.as_view(), name="statement"),
    path("vouchers/statements/lines/<int:pk>/", checking.Resolve.as_view(), name="resolve"),
    path("vouchers/draws/", checking.Draws.as_view(), name="draws"),
    path("vouchers/draws/new/", checking.NewDraw.as_view(), name="new_draw"),
    path("vouchers/draws/<int:pk>/", checking.DrawPage.as_view(), name="draw"),
    path("vouchers/checks/<int:pk>/", checking.CheckPage.as_view(), name="check"),
    path("vouchers/checks/<int:pk>/photo/", checking.photo, name="photo"),
]
