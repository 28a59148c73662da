"""Addresses of payments."""

from django.urls import path

from yanglao.entitlement.payments.views import accounts, changes, files, orders, payment

app_name = "payments"
urlpatterns = [
    path("payments/", orders.OrdersPage.as_view(), name="orders"),
    path("payments/failed/", orders.FailedPage.as_view(), name="failed"),
    path("payments/accounts/", accounts.AccountsPage.as_view(), name="accounts"),
    path("payments/accounts/new/", accounts.AccountAddPage.as_view(), name="account_add"),
    path("payments/claims/", orders.PayClaimsPage.as_view(), name="pay_claims"),
    path("payments/changes/<int:run>/", changes.ChangesPage.as_view(), name="changes"),
    path("payments/changes/<int:run>/list/", changes.ChangeList.as_view(), name="change_list"),
    path("payments/changes/<int:run>/again/", changes.compare, name="compare"),
    path("payments/<int:run>/", orders.OrderPage.as_view(), name="order"),
    path("payments/<int:run>/list/", orders.PaymentsPage.as_view(), name="list"),
    path("payments/<int:run>/send/", files.SendPage.as_view(), name="send"),
    path("payments/<int:run>/close/", orders.ClosePage.as_view(), name="close"),
    path("payments/<int:run>/refresh/", orders.RefreshPage.as_view(), name="refresh"),
    path("payments/files/<int:file>/again/", files.AgainPage.as_view(), name="again"),
    path("payments/files/<int:file>/return/", files.ReturnPage.as_view(), name="return"),
    path("payments/answers/<int:reading>/", files.ReadingPage.as_view(), name="reading"),
    path("payments/answers/<int:reading>/marked/", files.marked, name="marked"),
    path("payments/of/<int:payment>/", payment.PaymentPage.as_view(), name="payment"),
    path("payments/of/<int:payment>/correct/", payment.CorrectPage.as_view(), name="correct"),
    path("payments/of/<int:payment>/retry/", payment.RetryPage.as_view(), name="retry"),
    path("payments/of/<int:payment>/bounce/", payment.BouncePage.as_view(), name="bounce"),
    path("payments/of/<int:payment>/hold/", payment.HoldPage.as_view(), name="hold"),
    path("payments/holds/<int:hold>/lift/", payment.LiftPage.as_view(), name="lift"),
]
