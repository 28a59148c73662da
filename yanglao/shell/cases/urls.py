"""Addresses of cases."""

from django.urls import path

from yanglao.shell.cases.views import case, doing, lists, others

app_name = "cases"
urlpatterns = [
    path("cases/", lists.Cases.as_view(), name="list"),
    path("cases/mine/", lists.Mine.as_view(), name="mine"),
    path("cases/late/", lists.Late.as_view(), name="late"),
    path("cases/processes/", lists.Processes.as_view(), name="processes"),
    path("cases/processes/<slug:name>/", lists.ProcessPage.as_view(), name="process"),
    path("cases/processes/<slug:name>/start/", doing.Start.as_view(), name="open"),
    path("cases/stand-ins/", others.StandIns.as_view(), name="stand_ins"),
    path("cases/stand-ins/<int:pk>/end/", others.end_stand_in, name="end_stand_in"),
    path("cases/files/<int:pk>/", case.case_file, name="file"),
    path("cases/tasks/<int:pk>/take/", doing.Take.as_view(), name="take"),
    path("cases/tasks/<int:pk>/put-back/", doing.PutBack.as_view(), name="put_back"),
    path("cases/tasks/<int:pk>/hand-over/", doing.HandOver.as_view(), name="hand_over"),
    path("cases/tasks/<int:pk>/missing/", doing.Missing.as_view(), name="missing"),
    path("cases/tasks/<int:pk>/supplement/", doing.Supplement.as_view(), name="supplement"),
    path("cases/tasks/<int:pk>/do/<str:outcome>/", doing.Perform.as_view(), name="perform"),
    path("cases/<int:pk>/", case.CasePage.as_view(), name="case"),
    path("cases/<int:pk>/receipt/", case.Receipt.as_view(), name="receipt"),
    path("cases/<int:pk>/notices/<int:notice>/", case.NoticeLetter.as_view(), name="notice"),
    path("cases/<int:pk>/suspend/", doing.Suspend.as_view(), name="suspend"),
    path("cases/<int:pk>/resume/", doing.Resume.as_view(), name="resume"),
    path("cases/<int:pk>/withdraw/", doing.Withdraw.as_view(), name="withdraw"),
    path("cases/<int:pk>/void/", doing.Void.as_view(), name="void"),
    path("cases/<int:pk>/objection/", doing.ObjectTo.as_view(), name="object"),
    path("cases/<int:pk>/remark/", doing.Remark.as_view(), name="remark"),
    path("cases/<int:pk>/files/", doing.AddFile.as_view(), name="add_file"),
    path("cases/<int:pk>/reveal/", doing.Reveal.as_view(), name="reveal"),
    path("track/", others.track, name="track"),
]
