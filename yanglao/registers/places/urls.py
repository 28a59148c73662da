"""Addresses of the register."""

from django.urls import path

from yanglao.registers.places.views import changes, contracts, export, finder, lists, maps, operators, place

app_name = "places"
urlpatterns = [
    path("find/", finder.Finder.as_view(), name="finder"),
    path("find/<int:pk>/", finder.Found.as_view(), name="found"),
    path("places/", lists.Places.as_view(), name="list"),
    path("places/map/", maps.PlacesMap.as_view(), name="map"),
    path("places/add/", changes.AddPlace.as_view(), name="add"),
    path("places/export/", export.Export.as_view(), name="export"),
    path("places/papers/", lists.Papers.as_view(), name="papers"),
    path("places/reports/", lists.Reports.as_view(), name="reports"),
    path("places/reports/<int:pk>/", changes.Settle.as_view(), name="settle"),
    path("places/<int:pk>/", place.PlacePage.as_view(), name="place"),
    path("places/<int:pk>/correct/", changes.Correct.as_view(), name="correct"),
    path("places/<int:pk>/relocate/", changes.Relocate.as_view(), name="relocate"),
    path("places/<int:pk>/turn/<slug:turn>/", changes.Turn.as_view(), name="turn"),
    path("places/<int:pk>/delete/", changes.Delete.as_view(), name="delete"),
    path("places/<int:pk>/reveal/", place.reveal, name="reveal"),
    path("places/<int:pk>/facts/", changes.ChooseFact.as_view(), name="choose_fact"),
    path("places/<int:pk>/facts/<slug:kind>/", changes.Record.as_view(), name="record"),
    path("places/facts/<int:pk>/end/", changes.EndFact.as_view(), name="end_fact"),
    path("places/facts/<int:pk>/withdraw/", changes.WithdrawFact.as_view(), name="withdraw_fact"),
    path("places/<int:pk>/prices/add/", changes.SetPrice.as_view(), name="set_price"),
    path("places/<int:pk>/prices/", place.PriceHistory.as_view(), name="prices"),
    path("places/prices/<int:pk>/end/", changes.EndPrice.as_view(), name="end_price"),
    path("places/prices/<int:pk>/withdraw/", changes.WithdrawPrice.as_view(), name="withdraw_price"),
    path("places/<int:pk>/premises/add/", changes.AddPremises.as_view(), name="add_premises"),
    path("places/premises/<int:pk>/leave/", changes.LeavePremises.as_view(), name="leave_premises"),
    path("places/<int:pk>/members/add/", changes.Join.as_view(), name="join"),
    path("places/members/<int:pk>/leave/", changes.Leave.as_view(), name="leave"),
    path("places/<int:pk>/contracts/add/", contracts.AddContract.as_view(), name="add_contract"),
    path("places/contracts/", lists.Contracts.as_view(), name="contracts"),
    path("places/contracts/<int:pk>/", contracts.ContractPage.as_view(), name="contract"),
    path("places/contracts/<int:pk>/end/", contracts.EndContract.as_view(), name="end_contract"),
    path(
        "places/contracts/<int:pk>/withdraw/", contracts.WithdrawContract.as_view(), name="withdraw_contract"
    ),
    path("places/contracts/<int:pk>/assets/add/", contracts.AddAsset.as_view(), name="add_asset"),
    path("places/contracts/assets/<int:pk>/remove/", contracts.RemoveAsset.as_view(), name="remove_asset"),
    path("places/contracts/<int:pk>/reviews/add/", contracts.AddReview.as_view(), name="add_review"),
    path("operators/", lists.Operators.as_view(), name="operators"),
    path("operators/add/", operators.AddOperator.as_view(), name="add_operator"),
    path("operators/<int:pk>/", operators.OperatorPage.as_view(), name="operator"),
    path("operators/<int:pk>/correct/", operators.CorrectOperator.as_view(), name="correct_operator"),
    path("operators/<int:pk>/reveal/", operators.reveal, name="reveal_operator"),
]
