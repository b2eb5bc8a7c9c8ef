"""Step review: everything at once, in figures, as a map, and what needs a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QSizePolicy

from wizard.checks.registry import on_request
from wizard.gui import tokens
from wizard.gui.accepting import Accepting
from wizard.gui.notice import notify
from wizard.gui.pace import Parts, laid_out_once, lay_out_up_to_the_page, pace
from wizard.gui.repeater import Repeater
from wizard.gui.steps.inside_switch import InsideSwitch
from wizard.gui.steps.page import Memory, Page
from wizard.gui.steps.report_saving import ReportSaving
from wizard.gui.theme import theme
from wizard.gui.to_do_board import ToDoBoard
from wizard.gui.widgets.action_list import ActionList
from wizard.gui.widgets.basics import bounded, button, enable_if, label
from wizard.gui.widgets.columns import Columns
from wizard.gui.widgets.findings_by_step import FindingsByStep
from wizard.gui.widgets.inputs import CheckBox
from wizard.gui.widgets.map import ClusterMap
from wizard.gui.widgets.outcome import Outcome
from wizard.gui.widgets.since_line import SinceLine
from wizard.guide import advice, diagram, mending, places
from wizard.guide.diagram import Diagram
from wizard.guide.figures import figures
from wizard.guide.findings_store import FindingsStore, of_rules
from wizard.guide.places import Link
from wizard.guide.tasks import way_to_value
from wizard.guide.waiting import waiting
from wizard.plan.finding import Finding, Severity
from wizard.plan.i18n import tr, trn
from wizard.plan.plan import Plan
from wizard.plan.remedy import PlanValue

_FAILED = (Severity.FAIL, Severity.UNKNOWN)


class ReviewPage(Page):
    """Runs all checks, says how the cluster stands in one sentence, and what to do about it.

    Its primary action is to check everything, until that was done once; then to check the failed ones again, as long
    as there are any; then the way to a value that fails by itself, which no check mends; then it is going on.
    """

    grows = True

    def build(self) -> None:
        self._taking = False
        self._told_seconds = 0
        self._add_head()
        self.outcome = Outcome()
        self.saving = ReportSaving(self, self.outcome, self._picture)
        self.map = ClusterMap()
        self.map.asked.connect(self.found)
        self.map.reached.connect(self.in_sight)
        line = bounded(self.map)
        self.add(line, gap=tokens.XL)
        self.add(self.outcome)
        self._add_lists()
        self._make_buttons()
        self.inside = InsideSwitch(self.session.inside)
        for each in (self.inside, self.repeat):
            self.body.insertLayout(self.body.indexOf(line), bounded(each, tokens.PAGE))
        self._connect()
        self.plan_changed()

    def _add_head(self) -> None:
        """Add how the cluster stands, in one sentence, and what changed since the last run."""
        self.intro.show()
        self.intro.setMaximumWidth(theme().px(tokens.PAGE))
        self.verdict = label("", "title", wrap=True)
        self.verdict.setObjectName("verdict")
        self.body.insertWidget(self.body.indexOf(self.title) + 1, self.verdict)
        self.since = SinceLine()
        self.body.insertWidget(self.body.indexOf(self.verdict) + 1, self.since)

    def _add_lists(self) -> None:
        """Add what to do and what was found, one below the other or side by side."""
        self.board = ToDoBoard(self.session, self)
        self.board.changed.connect(self._board_changed)
        self.tasks = ActionList(lambda: self.board.told.tasks)
        self.tasks.asked.connect(self.asked)
        self.tasks.took.connect(self._take)
        self.list = FindingsByStep(self.findings, lambda: self.document.findings, self._way)
        self.list.asked.connect(self.asked)
        Accepting(self, self.document, self.list)
        columns = Columns()
        columns.spacious.connect(self._fit_map)
        self._to_do, self._found = columns.first, columns.second
        for head, cards, into in (
            (tr("What to do"), self.tasks, columns.of_first),
            (tr("Findings"), self.list, columns.of_second),
        ):
            title = label(head, "heading")
            title.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)  # while the list below grows
            self.add(title, gap=tokens.S, wide=True, into=into)
            self.add(cards, gap=tokens.XL, wide=True, into=into)
        self.add(columns, wide=True)

    def _make_buttons(self) -> None:
        self.again = button(tr("Check &all again"), "", self.check_all, name="check-all")
        self.save = button(tr("&Save report …"), "", self.saving.ask_where, name="save-report")
        self.bar_left, self.bar_right = [self.save], [self.again]
        self.repeat = CheckBox(tr("Check the failed ones again every 10 s until they pass"))
        self.repeat.setObjectName("repeat")
        self.repeater: Repeater = Repeater(self.check_failed, self)
        self.repeat.clicked.connect(lambda: self.repeater.turn(on=self.repeat.isChecked()))
        self.repeater.passed.connect(self._passed)

    def _connect(self) -> None:
        session = self.session
        session.keeper.told.connect(self._show_to_do)
        session.inside.turned.connect(self.show_findings)
        session.runs.finished.connect(self._run_ended)
        session.runs.started.connect(self.outcome.untell)
        session.runs.progressed.connect(self._count_seconds)
        session.changed.connect(self._edited)

    @property
    def action(self) -> str:
        if not self._checked:
            return tr("&Check everything")
        if self._any(Severity.FAIL):
            return tr("Check &failed ones again")
        return way.words if (way := self._to_mend()) else ""

    @property
    def ready(self) -> bool:
        return not self.session.runs.running or not self.action

    @property
    def may_skip(self) -> bool:
        return self._checked

    def act(self) -> None:
        if not self._checked:
            self.check_all()
        elif not self._any(Severity.FAIL) and (way := self._to_mend()):
            self.asked.emit(way.place)
        else:
            self.check_failed()

    def test(self) -> None:
        self.check_all()

    def first_input(self) -> None:
        """The page is for reading: the primary action gets the focus."""

    def remember(self, memory: Memory) -> None:
        switch = self.inside.box  # no page's to remember: the session knows for which command it was turned on
        super().remember(replace(memory, ticks={**memory.ticks, switch.objectName(): switch.isChecked()}))
        self.since.open(opened=memory.own is True)

    def own_memory(self) -> object:
        return self.since.opened

    def check_all(self) -> None:
        """Run every check there is."""
        if not self.session.runs.running:
            self.session.test((), self.step.id)
            self.turned.emit()

    def check_failed(self) -> None:
        """Run the components again in which something failed, was overtaken or could not be found out."""
        if self.session.runs.running:
            return
        if troubled := self._troubled():
            self.session.test(troubled, self.step.id)
        else:  # no component at all would mean every one
            self.repeater.turn(on=False)
            self.repeat.setChecked(False)
            self.show_findings()

    def plan_changed(self) -> None:
        self.inside.follow()
        self.map.show_picture(self._picture())

    def _fit_map(self, spacious: bool) -> None:  # noqa: FBT001 - what a signal brings
        """Let the map be as wide as the cards below it; it grows where two columns of them have room."""
        self.map.setMaximumWidth(theme().px(tokens.WIDE if spacious else tokens.PAGE))

    def _picture(self) -> Diagram:
        document, runs = self.document, self.session.runs
        self._told_seconds = int(runs.seconds) if runs.running else 0
        return diagram.picture(
            document.plan,
            document.findings,
            testing=runs.under_way,
            seconds=self._told_seconds,
        )

    def _count_seconds(self) -> None:
        """Say on the map for how long it is being tested, once a second."""
        runs = self.session.runs
        if self.isVisible() and runs.running and int(runs.seconds) != self._told_seconds:
            pace().do(self.map, self._show_picture)

    def _show_picture(self) -> Parts:
        """Make the picture and show it, each in a part of its own: of 32 nodes either takes its time."""
        self.inside.follow()
        drawn = self._picture()
        yield
        self.map.show_picture(drawn)
        yield

    def _run_ended(self) -> None:
        report = self.session.runs.report
        goes_on = waiting(self._looked_at()).goes_on
        self.repeater.ended(goes_on=goes_on, cancelled=report is None or report.cancelled)
        self.repeat.setChecked(self.repeater.on)

    def _passed(self) -> None:
        name, looked_at = self.document.plan.name, self._looked_at()
        words = waiting(looked_at).over(name)
        if waiting(item for item in self.document.findings.all if item not in looked_at).goes_on:
            words = tr("{name}: outside the nodes nothing fails any more. Inside them nobody looked again.", name=name)
        self.outcome.tell("ok", words)
        notify(self.window(), self.session.background, words)

    def findings(self) -> list[Finding]:
        return self.document.findings.once(self.document.plan, _in_window)

    def show_findings(self) -> None:
        if self.isVisible():
            bar = self.again.parentWidget()
            with laid_out_once(self.body, bar.layout() if bar else None):
                self._show_figures()
                self._show_to_do()
            pace().do(self, self._show_rest)

    def _show_rest(self) -> Parts:
        """Show the picture, then what to do and the findings."""
        yield from self._show_picture()
        self.board.refresh()
        self.list.refresh()
        self.turned.emit()

    def _show_figures(self) -> None:
        runs, found = self.session.runs, self.findings()
        if runs.running:
            self.intro.setText(tr("Everything is being checked at once. Nothing is left behind on any server."))
        elif self._cancelled:
            words = tr("The run was cancelled, so not everything was looked at.")
            self.intro.setText(f"{words} {self._figures(found)}")
        elif not self._checked:
            self.intro.setText(tr("Check everything at once: each server, each node, and what only shows together."))
        else:
            self.intro.setText(self._figures(found))
        self._found.setVisible(bool(found))
        self.save.setVisible(runs.known is not None)
        enable_if(self.save, enabled=not runs.running)
        self.repeat.setVisible(self._checked and (self._any(Severity.FAIL) or self.repeater.on))
        self.again.setVisible(self._checked)
        enable_if(self.again, enabled=not runs.running)

    def _board_changed(self) -> None:
        self._show_to_do()
        self.turned.emit()
        lay_out_up_to_the_page()  # a column that comes into sight asks for room level by level

    def _show_to_do(self) -> None:
        """Show the sentence and the actions as they were told last."""
        told = self.board.told
        self.verdict.setText(told.sentence)
        stays = self.session.runs.running and self.session.runs.known is not None
        self.verdict.setVisible((self._checked or stays) and bool(told.sentence))
        self.title.setVisible(self.verdict.isHidden())
        keeper = self.session.keeper
        self.since.tell(keeper.since, keeper.changes)
        self.since.setVisible(self._checked and bool(self.since.sentence.text()))
        self._to_do.setVisible(bool(told.tasks))
        self.tasks.refresh()

    def _way(self, finding: Finding) -> Link | None:
        return places.link(self.document.plan, finding, self.step.id)

    def _take(self, values: tuple[PlanValue, ...]) -> None:
        """Put offered values into the plan, and offer to take that back."""
        self._taking = True
        self.document.replace(mending.taken(self.document.plan, values))
        self._taking = False
        words = trn("1 setting changed.", "{count} settings changed.", len(values))
        self.outcome.tell("ok", words, button(tr("Undo"), "link", self.session.undo, name="undo"))

    def _edited(self, _key: str) -> None:
        if not self._taking and self.outcome.told:
            self.outcome.untell()

    @property
    def _checked(self) -> bool:
        return self.document.findings.checked

    @property
    def _cancelled(self) -> bool:
        runs = self.session.runs
        return not self._checked and runs.whole and runs.report is not None and runs.report.cancelled

    def _figures(self, found: Sequence[Finding]) -> str:
        runs, record = self.session.runs, self.document.findings
        fresh = [item for item in found if not record.stale(item)]
        elapsed = runs.report.elapsed_ms if runs.report and runs.whole else None
        return figures(fresh, elapsed, len(found) - len(fresh))

    def _any(self, severity: Severity) -> bool:
        """Whether a check found one of these; what could not be found out may be so for good."""
        not_chosen = () if self.session.inside.on else on_request()
        found = self.document.findings.once(self.document.plan, _of_checks)
        return any(each is severity and component not in not_chosen for component, each in found)

    def _to_mend(self) -> Link | None:
        """Return the way to the first value that fails by the rules, in the order of what to do; None if none does."""
        return way_to_value(self.board.told, self.document.findings.rules, self._way)

    def _looked_at(self) -> list[Finding]:
        """Return what checking again may look at: not what is inside the nodes, unless that was chosen."""
        not_chosen = () if self.session.inside.on else on_request()
        return [item for item in self.document.findings.all if item.component not in not_chosen]

    def _troubled(self) -> list[str]:
        found = self._looked_at()
        open_ones = (item for item in found if item.severity in _FAILED and not item.accepted)
        bad = [*open_ones, *(item for item in found if self.document.findings.stale(item))]
        return sorted({item.component for item in bad if not of_rules(item)})


def _in_window(plan: Plan, record: FindingsStore) -> list[Finding]:
    return advice.in_window(plan, record.all)


def _of_checks(_plan: Plan, record: FindingsStore) -> frozenset[tuple[str, Severity]]:
    """Return which severities checks found, each with the component; what is accepted counts for nothing."""
    return frozenset((one.component, one.severity) for one in record.all if not one.accepted and not of_rules(one))


PAGE = ReviewPage
