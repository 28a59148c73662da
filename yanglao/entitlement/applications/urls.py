"""Addresses of applications."""

from django.urls import include, path

from yanglao.entitlement.applications.views import figures, public, staff

patterns = [
    path("applications/", staff.StandingPage.as_view(), name="standing"),
    path("applications/figures.xlsx", figures.StandingFile.as_view(), name="standing_file"),
    path("applications/ratings/", figures.RatingsPage.as_view(), name="ratings"),
    path("applications/ratings.xlsx", figures.RatingsFile.as_view(), name="ratings_file"),
    path("applications/list/", staff.ApplicationList.as_view(), name="list"),
    path("applications/<int:pk>/", staff.ApplicationPage.as_view(), name="application"),
    path("applications/<int:pk>/match/", staff.MatchPage.as_view(), name="match"),
    path("applications/<int:pk>/rate/", staff.RatePage.as_view(), name="rate"),
    path("applications/for/<int:person>/", staff.ChoosePage.as_view(), name="choose"),
    path("applications/for/<int:person>/<int:item>/", staff.ApplyPage.as_view(), name="apply"),
    path("apply/", public.items, name="public"),
    path("apply/<int:item>/<int:division>/", public.apply, name="public_apply"),
    path("apply/receipt/", public.done, name="public_done"),
    path("apply/rating/", public.rate, name="public_rate"),
]
urlpatterns = [path("", include((patterns, "applications")))]
