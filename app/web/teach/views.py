"""The teacher's pages: a list of classes, and for each its progress, its code, its files."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import class_progress, classes, codes, exam_work, flag_answers, retention, settings
from app.web.account.refusals import page
from app.web.context import db, now, site
from app.web.i18n import language
from app.web.identity import teacher_required
from app.web.teach import bank_views, invitations, lessons, scores, squares, teachers, uploads, withdrawals
from app.web.teach import retention as retention_views
from app.web.teach.exams import views as exams
from app.web.teach.forms import ClassForm, NameForm
from app.web.teach.items import views as items
from app.web.teach.live import views as live
from app.web.teach.marks import views as marks
from app.web.teach.preflight import views as preflight
from app.web.teach.retention import RetentionForm
from app.web.teach.roster import views as roster
from app.web.teach.sorting import MEMBERS, Order

bp = Blueprint("teach", __name__, url_prefix="/teach")
bp.register_blueprint(bank_views.bp)
bp.register_blueprint(uploads.bp)
bp.register_blueprint(exams.bp)
bp.register_blueprint(preflight.bp)
bp.register_blueprint(roster.bp)
bp.register_blueprint(scores.bp)
bp.register_blueprint(withdrawals.bp)
bp.register_blueprint(retention_views.bp)
bp.register_blueprint(marks.bp)
bp.register_blueprint(lessons.bp)
bp.register_blueprint(teachers.bp)
bp.register_blueprint(items.bp)
bp.register_blueprint(live.bp)
Page = Response | tuple[str, int]


@bp.get("/")
@teacher_required
def index() -> Page:
    """The teacher's classes, and a form that opens one more."""
    return _list()


@bp.post("/")
@teacher_required
def create() -> Page:
    """Open a class and show how to invite its learners."""
    with db().reading() as session:
        form = ClassForm.of(settings.courses(session, language()))
    if form.accepts():
        with form.refusals(), db().writing() as session:
            class_id = classes.create(session, g.teacher, form.name.data or "", form.course_id.data or 0, now())
        if not form.errors:
            flash(_("The class is open. Its code lets learners in."), "done")
            return redirect(url_for("teach.invite", class_id=class_id), code=303)
    return _list(form)


@bp.get("/classes/<int:class_id>/")
@teacher_required
def class_page(class_id: int) -> str:
    """Where the members of a class stand."""
    with db().reading() as session:
        read = class_progress.progress(session, g.teacher, class_id, now())
    order = Order.read(request.args.get("sort"), MEMBERS)
    members = order.sort(read.members)
    heat = squares.heat(read, members, request.args.get("show"))
    return render_template("teach/class.html", read=read, members=members, order=order, heat=heat)


@bp.get("/classes/<int:class_id>/invite")
@teacher_required
def invite(class_id: int) -> str:
    """The join code, its link and its QR code, large enough for a projector."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
    link = invitations.link(of.join_code) if of.join_code else None
    qr = invitations.qr(link) if link else None
    return render_template("teach/invite.html", of=of, link=link, door=invitations.door(), qr=qr)


@bp.route("/classes/<int:class_id>/manage", methods=["GET", "POST"])
@teacher_required
def manage(class_id: int) -> Page:
    """Rename a class; lead to what else can be changed about it."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        members = classes.members(session, g.teacher, class_id)
        kept = retention.of_class(session, g.teacher, class_id)
        at_work = exam_work.at_work(session, class_id, now())
    form = NameForm(obj=of)
    if form.accepts():
        with form.refusals(), db().writing() as session:
            classes.rename(session, g.teacher, class_id, form.name.data or "")
        if not form.errors:
            flash(_("The class has its new name."), "done")
            return redirect(url_for("teach.class_page", class_id=class_id), code=303)
    keeping = RetentionForm(formdata=None, obj=kept)  # untouched by the name that this request may carry
    shown = {
        "members": members,
        "kept": kept,
        "over": kept.is_over(now()),
        "retention_form": keeping,
        "at_work": at_work,
    }
    return page("teach/manage.html", form, of=of, **shown)


@bp.post("/classes/<int:class_id>/code")
@teacher_required
def renew_code(class_id: int) -> Page:
    """Replace the join code."""
    with db().writing() as session:
        classes.renew_code(session, g.teacher, class_id)
    flash(_("The class has a new code. The one before opens nothing any more; its members stay."), "done")
    return redirect(url_for("teach.invite", class_id=class_id), code=303)


@bp.post("/classes/<int:class_id>/close")
@teacher_required
def revoke_code(class_id: int) -> Page:
    """Take the join code away."""
    with db().writing() as session:
        classes.revoke_code(session, g.teacher, class_id)
    flash(_("Nobody can join any more. Its members stay."), "done")
    return redirect(url_for("teach.invite", class_id=class_id), code=303)


@bp.post("/classes/<int:class_id>/archive")
@teacher_required
def archive(class_id: int) -> Page:
    """Put a class away, or bring it back."""
    back = request.form.get("back") == "1"
    with db().writing() as session:
        classes.archive(session, g.teacher, class_id, None if back else now())
    flash(_("The class is back.") if back else _("The class is put away. You can bring it back."), "done")
    return redirect(url_for("teach.index"), code=303)


@bp.route("/classes/<int:class_id>/members/<int:user_id>/remove", methods=["GET", "POST"])
@teacher_required
def remove_member(class_id: int, user_id: int) -> Page | str:
    """Ask, then take a learner out of a class."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        name = classes.member_name(session, g.teacher, class_id, user_id)
        at_work = exam_work.at_work(session, class_id, now(), user_id)
    if request.method == "GET":
        return render_template("teach/remove.html", of=of, name=name, user_id=user_id, at_work=at_work)
    with db().writing() as session:
        classes.remove_member(session, g.teacher, class_id, user_id, now())
    flash(_("%(name)s is no longer in this class. What they learnt stays theirs.", name=name), "done")
    return redirect(url_for("teach.class_page", class_id=class_id), code=303)


@bp.post("/classes/<int:class_id>/members/<int:user_id>/password-link")
@teacher_required
def password_link(class_id: int, user_id: int) -> str:
    """Make a link with which a learner sets a new password; it is shown on this page only, once."""
    instant = now()
    with db().writing() as session:
        of = classes.found(session, g.teacher, class_id)
        name = classes.member_name(session, g.teacher, class_id, user_id)
        code = codes.issue_password_link_as(session, g.teacher, user_id, instant)
    link = site() + url_for("account.reset", code=code)
    ends = instant + codes.LINK_LIFETIME
    return render_template("teach/password_link.html", of=of, name=name, link=link, ends=ends)


@bp.get("/classes/<int:class_id>/overrides")
@teacher_required
def overrides(class_id: int) -> str:
    """The answers that learners declared right."""
    with db().reading() as session:
        of, shown = class_progress.overrides(session, g.teacher, class_id)
    return render_template("teach/overrides.html", of=of, shown=shown, most=class_progress.MOST_OVERRIDES)


def _list(form: ClassForm | None = None) -> tuple[str, int]:
    with db().reading() as session:
        listed = classes.listed(session, g.teacher)
        offered = settings.courses(session, language())
        flags = flag_answers.open_by_course(session, g.teacher)
    return page("teach/index.html", form or ClassForm.of(offered), listed=listed, offered=offered, flags=flags)
