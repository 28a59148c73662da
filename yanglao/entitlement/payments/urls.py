"""Addresses of payments."""

from django.urls import path

from yanglao.entitlement.payments import views

app_name = "payments"
urlpatterns = [
    path("payments/", views.OrdersPage.as_view(), name="orders"),
    path("payments/failed/", views.FailedPage.as_view(), name="failed"),
    path("payments/accounts/", views.AccountsPage.as_view(), name="accounts"),
    path("payments/accounts/new/", views.AccountAddPage.as_view(), name="account_add"),
    path("payments/<int:run>/", views.OrderPage.as_view(), name="order"),
    path("payments/<int:run>/list/", views.PaymentsPage.as_view(), name="list"),
    path("payments/<int:run>/send/", views.SendPage.as_view(), name="send"),
    path("payments/<int:run>/close/", views.ClosePage.as_view(), name="close"),
    path("payments/<int:run>/refresh/", views.RefreshPage.as_view(), name="refresh"),
    path("payments/files/<int:file>/again/", views.AgainPage.as_view(), name="again"),
    path("payments/files/<int:file>/return/", views.ReturnPage.as_view(), name="return"),
    path("payments/of/<int:payment>/", views.PaymentPage.as_view(), name="payment"),
    path("payments/of/<int:payment>/correct/", views.CorrectPage.as_view(), name="correct"),
    path("payments/of/<int:payment>/retry/", views.RetryPage.as_view(), name="retry"),
    path("payments/of/<int:payment>/bounce/", views.BouncePage.as_view(), name="bounce"),
    path("payments/of/<int:payment>/hold/", views.HoldPage.as_view(), name="hold"),
    path("payments/holds/<int:hold>/lift/", views.LiftPage.as_view(), name="lift"),
]
