"""Addresses of training: `training/` for staff, `train/` for everybody."""

from django.urls import path

from yanglao.registers.training.views import calendar, certificates, lists, public, session, teaching

app_name = "training"
urlpatterns = [
    path("training/", lists.Sessions.as_view(), name="sessions"),
    path("training/add/", session.AddSession.as_view(), name="add_session"),
    path("training/courses/", lists.Courses.as_view(), name="courses"),
    path("training/courses/add/", lists.AddCourse.as_view(), name="add_course"),
    path("training/courses/<int:pk>/", lists.CoursePage.as_view(), name="course"),
    path("training/courses/<int:pk>/change/", lists.ChangeCourse.as_view(), name="change_course"),
    path("training/<int:pk>/", session.SessionPage.as_view(), name="session"),
    path("training/<int:pk>/change/", session.ChangeSession.as_view(), name="change_session"),
    path("training/<int:pk>/lessons/add/", session.AddLesson.as_view(), name="add_lesson"),
    path("training/<int:pk>/enrol/", session.Enrol.as_view(), name="enrol"),
    path("training/<int:pk>/cancel/", session.CancelSession.as_view(), name="cancel_session"),
    path("training/<int:pk>/roster/", session.Roster.as_view(), name="roster"),
    path("training/<int:pk>/signin/", session.SignInSheet.as_view(), name="signin"),
    path("training/<int:pk>/exam/", teaching.Exam.as_view(), name="exam"),
    path("training/<int:pk>/certify/", certificates.Certify.as_view(), name="certify"),
    path(
        "training/<int:pk>/certificates/",
        certificates.SessionCertificates.as_view(),
        name="session_certificates",
    ),
    path("training/<int:pk>/claim/", session.claim, name="claim"),
    path("training/<int:pk>/to/<slug:to>/", session.move, name="move"),
    path("training/lessons/<int:pk>/", teaching.Attend.as_view(), name="attend"),
    path("training/lessons/<int:pk>/code/", teaching.ShowCode.as_view(), name="show_code"),
    path("training/lessons/<int:pk>/code.svg", teaching.LessonCode.as_view(), name="lesson_code"),
    path("training/lessons/<int:pk>/drop/", session.drop_lesson, name="drop_lesson"),
    path("training/trainees/", lists.Enrolments.as_view(), name="enrolments"),
    path("training/trainees/<int:pk>/", session.EnrolmentPage.as_view(), name="enrolment"),
    path("training/trainees/<int:pk>/leave/", session.Leave.as_view(), name="leave"),
    path("training/certificates/", lists.Certificates.as_view(), name="certificates"),
    path("training/certificates/printed/", certificates.printed, name="printed"),
    path("training/certificates/<int:pk>/", certificates.CertificatePage.as_view(), name="certificate"),
    path("training/certificates/<int:pk>/revoke/", certificates.Revoke.as_view(), name="revoke"),
    path("training/certificates/<int:pk>/code.svg", certificates.certificate_code, name="certificate_code"),
    path("training/calendar/", calendar.Month.as_view(), name="calendar"),
    path("train/", public.courses, name="public"),
    path("train/<int:pk>/", public.course, name="public_course"),
    path("train/<int:pk>/enrol/", public.enrol, name="public_enrol"),
    path("train/<int:pk>/calendar.ics", public.calendar_file, name="calendar_file"),
    path("train/<int:pk>/code.svg", public.course_code, name="course_code"),
    path("train/enrolled/", public.enrolled, name="enrolled"),
    path("train/leave/", public.leave, name="public_leave"),
    path("train/here/<str:token>/", public.here, name="here"),
    path("train/verify/<str:code>/", certificates.verify, name="verify"),
]
