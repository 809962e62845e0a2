// The cards of a case: where it stands, what is asked, what is to be done, the money, the way it came.

const html = (strings, ...values) =>
  strings.reduce((text, part, place) => text + part + (place < values.length ? inner(values[place]) : ""), "");

const inner = (value) => (value === null || value === undefined || value === false ? "" : Array.isArray(value) ? value.join("") : String(value));

const safe = escapeHtml;

/** Returns who somebody is as a chip with the tint and sign of the pictures. */
function chip(name) {
  const { tint, badge, sign } = PAGE.looks[name] ?? {};
  const mark = sign ? `<i aria-hidden="true" style="color:${badge}">${sign}</i>` : "";
  return `<span class="who"${tint ? ` style="--who:${tint}"` : ""}>${mark}${safe(who(name))}</span>`;
}

const card = (title, body, kind = "") =>
  body ? `<section class="card ${kind}"><h2>${safe(title)}</h2>${body}</section>` : "";

function duration(seconds) {
  const { zh, en } = sayLength(Math.max(60, Math.floor(seconds / 60) * 60));
  return tell({ zh, en });
}

function nowCard(desk) {
  const { decision } = desk;
  const title = `<p class="where">${safe(tell(POLICY.flows[decision.flow].title))}</p><h3 aria-live="polite">${safe(tell(decision.title))}</h3>`;
  if (decision.status === "open") return card(say("now"), rhythmPart(desk) + title + clockPart(desk) + interruptPart(desk), "now");
  const reason = decision.reason ? `<p class="reason">${safe(tell(decision.reason))}</p>` : "";
  const facts = html`<dl class="facts"><dt>${say("outcome")}</dt><dd><strong>${safe(tell(POLICY.outcomes[decision.outcome]))}</strong></dd>
    <dt>${say("liable")}</dt><dd>${decision.liable ? chip(decision.liable) : say("undecided")}</dd>
    <dt>${say("refund")}</dt><dd class="figure">${decision.refund.total}</dd></dl>`;
  return card(say("outcome"), `${title}<p class="status">${say(decision.status)}</p>${facts}${reason}`, "end");
}

/** The service rhythm, the phases lit whose work is to be done now; nothing where that is none of them. */
function rhythmPart({ decision }) {
  const todo = decision.next_actions.map((action) => action.action);
  const isNow = ({ actions }) => actions.some((action) => todo.includes(action));
  if (!PAGE.rhythm.some(isNow)) return "";
  const phases = PAGE.rhythm.map((phase) => {
    const lit = isNow(phase) ? ' class="lit" aria-current="step"' : "";
    return `<li${lit} title="${safe(tell(phase.means))}">${safe(tell(phase.title))}</li>`;
  });
  return `<ol class="rhythm" aria-label="${say("rhythm")}">${phases.join("")}</ol>`;
}

function clockPart(desk) {
  const { due, next_actions: actions } = desk.decision;
  const clock = `<p class="clock"><span aria-hidden="true">◷</span> ${clockWords(localInstant(desk.now))}</p>`;
  if (!due) return `${clock}<p class="due">${say("no_clock")}</p>${waitButtons()}`;
  const left = say("left", duration(parseInstant(due) - desk.now));
  const first = actions.find((action) => action.if_late);
  return html`${clock}<p class="due"><b>${say("due")} ${clockWords(due)}</b> · ${left}</p>
    ${first && `<p class="late">${say("if_late")}${lateWords(first, desk)}</p>`}
    <div class="row"><button class="time" data-act="pass"><kbd>T</kbd> ${say("let_pass")}</button>${waitButtons()}</div>`;
}

const waitButtons = () =>
  [[3600, "hours_later"], [DAY_LENGTH, "day_later"]]
    .map(([seconds, key]) => `<button class="small" data-act="wait" data-by="${seconds}">+ ${say(key)}</button>`)
    .join("");

function lateWords(action, { decision }) {
  const takes = Object.entries(action.if_late_takes).map(([name, value]) => factWords(name, value));
  if (takes.length) return safe(say("recorded", takes.join(comma())));
  const target = POLICY.states[action.if_late];
  const flow = target.flow === decision.flow ? "" : `${tell(POLICY.flows[target.flow].title)} · `;
  return `→ ${safe(flow + tell(target.title))}`;
}

function interruptPart({ decision }) {
  const told = new Set(decision.path.map((step) => step.edge));
  const ways = POLICY.flows[decision.flow].anytime
    .map((way, number) => [way, `${decision.flow}!${number}`])
    .filter(([, key]) => !told.has(key))
    .map(([way]) => `<button class="small" data-act="tell" data-fact="${way.on}" data-value="true">${safe(tell(POLICY.facts[way.on].title))}</button>`);
  return ways.length ? `<div class="row interrupts"><span>${say("interrupts")}</span>${ways.join("")}</div>` : "";
}

/** The questions; the chosen one has its answers numbered for the keyboard. */
function askCard(desk, chosen) {
  const { needs } = desk.decision;
  if (!needs.length) return desk.decision.status === "open" ? card(say("ask"), `<p class="quiet">${say("nothing_asked")}</p>`, "ask") : "";
  return card(say("ask"), needs.map((need, place) => questionItem(need, desk, place === chosen, place)).join(""), "ask");
}

function questionItem(need, desk, isChosen, place) {
  const values = candidates(need, desk);
  const free = !need.options.length;
  const answers = values.map((value, number) => answerButton(need, value, desk, isChosen ? number + 1 : null)).join("");
  const most = need.at_most === null ? "" : ` <small>${say("at_most", need.at_most)}</small>`;
  return html`<div class="question ${isChosen ? "chosen" : ""}" data-place="${place}">
    <p>${chip(need.from)} ${safe(tell(need.ask))}${most}</p>
    <div class="answers" role="group" aria-label="${safe(tell(need.ask))}">${answers}</div>
    ${free && freeInput(need)}</div>`;
}

function answerButton(need, value, desk, number) {
  const key = number !== null && number < 10 ? `<kbd>${number}</kbd> ` : "";
  return `<button class="answer" data-act="tell" data-fact="${need.fact}" data-value="${safe(JSON.stringify(value))}">${key}${safe(answerWords(need, value, desk))}</button>`;
}

function answerWords(need, value, desk) {
  const { kind, flag, titles } = POLICY.facts[need.fact];
  if (value === null) return flag ? valueWords(flag, false) : say("none");
  if (kind === "flag" && !titles) return tell(YES_NO[value]);
  return valueWords(need.fact, value, desk.now);
}

function freeInput(need) {
  const { kind } = POLICY.facts[need.fact];
  const type = kind === "instant" ? "datetime-local" : kind === "count" ? "number" : "text";
  const mode = kind === "money" ? 'inputmode="decimal" placeholder="12.00"' : "";
  return html`<form class="free" data-fact="${need.fact}"><input name="value" type="${type}" ${mode} aria-label="${say("other_value")}">
    <button class="small">${say("ok")}</button></form>`;
}

function doCard({ decision }) {
  const speaks = decision.next_actions.find((action) => action.say);
  const todo = decision.next_actions.map((action) => actionItem(action, action === speaks)).join("");
  const named = new Set(decision.next_actions.map((action) => action.action));
  const duties = decision.duties.filter((duty) => !named.has(duty.action)).map((duty) => actionItem(duty)).join("");
  const owed = duties && `<h4>${say("duties")}</h4><ul class="todo">${duties}</ul>`;
  const none = !todo && !duties && `<p class="quiet">${say("nothing_left")}</p>`;
  return card(say("do"), html`${todo && `<ul class="todo">${todo}</ul>`}${owed}${none}`, "do");
}

function actionItem(action, isOpen = false) {
  const after = action.after?.length ? `<small>${say("after")}${action.after.map((name) => safe(tell(POLICY.actions[name].title))).join(comma())}</small>` : "";
  const pays = action.amount ? ` data-amount="${action.amount}"` : "";
  const label = action.amount ? say("pay", action.amount) : say("did");
  const button = after ? "" : `<button class="small done" data-act="done" data-action="${action.action}"${pays}>✓ ${label}</button>`;
  const spoken = action.say ? `<details${isOpen ? " open" : ""}><summary>${say("say")}</summary><blockquote>${safe(tell(action.say))}</blockquote></details>` : "";
  return `<li><div class="row">${chip(action.by)}<span class="what">${safe(tell(action.title))}</span>${button}</div>${after}${spoken}</li>`;
}

function moneyCard({ decision }) {
  const parts = [legTable(decision), refundTable(decision), itemTable("charge", decision.charges), itemTable("recover", decision.recover), waitingPart(decision), transferPart(decision)];
  return card(say("money"), parts.filter(Boolean).join("") || `<p class="quiet">${say("no_money")}</p>`, "money");
}

function legTable({ postage }) {
  const legs = Object.entries(postage).filter(([, leg]) => leg);
  if (!legs.length) return "";
  const rows = legs.map(([name, leg]) => {
    const insured = leg.insurer_pays === "0.00" ? "" : `<br><small>${say("insurer_pays", leg.insurer_pays)}</small>`;
    const shares = leg.borne_by === "shared" ? `<br><small>${Object.entries(leg.shares).map(([party, part]) => `${safe(who(party))} ${part}`).join(comma())}</small>` : "";
    return html`<tr><th scope="row">${safe(lineTitle(name))}</th><td>${leg.advanced_by ? safe(who(leg.advanced_by)) : "—"}</td>
      <td class="borne">${chip(leg.borne_by)}${shares}</td><td class="figure">${leg.amount ?? "—"}${insured}</td></tr>`;
  });
  const head = ["leg", "advanced", "borne", "cost"].map((key) => `<th scope="col">${say(key)}</th>`).join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function refundTable({ refund }) {
  if (!refund.lines.length && !refund.deductions.length) return "";
  const total = `<tr class="total"><th scope="row">${say("total")}</th><td class="figure">${refund.total}</td></tr>`;
  return itemTable("refund", refund.lines, total);
}

function itemTable(key, items, total = "") {
  if (!items.length) return "";
  const rows = items.map(
    (item) =>
      `<tr><th scope="row">${safe(lineTitle(item.for))}<br><small>${safe(formulaWords(item.because))}</small></th><td class="figure">${item.amount}</td></tr>`,
  );
  return `<h4>${say(key)}</h4><table class="items"><tbody>${rows.join("")}${total}</tbody></table>`;
}

function waitingPart({ refund }) {
  return refund.waiting
    .filter((waiting) => waiting.needs.length)
    .map((waiting) => `<p class="waits">${safe(lineTitle(waiting.for))} · ${say("waits")}${waiting.needs.map((name) => safe(tell(POLICY.facts[name].title))).join(comma())}</p>`)
    .join("");
}

function transferPart({ transfers }) {
  if (!transfers.length) return "";
  const rows = transfers.map((move) => `<li>${chip(move.from)} → ${chip(move.to)} <b>${move.amount}</b> <small>${safe(lineTitle(move.for))}</small></li>`);
  return `<h4>${say("transfers")}</h4><ul class="moves">${rows.join("")}</ul>`;
}

function warningCard({ decision }) {
  const said = [...new Set(decision.warnings.map(tell))].map((text) => `<li>${safe(text)}</li>`).join("");
  return card(say("warnings"), said && `<ul>${said}</ul>`, "warn");
}

function pathCard({ decision }) {
  const steps = decision.path.map((step, place) => {
    const flow = place && decision.path[place - 1].flow === step.flow ? "" : `<span class="where">${safe(tell(POLICY.flows[step.flow].title))}</span> `;
    const sources = step.sources.map((source) => `<abbr title="${safe(sourceTitle(source.id))}">${safe(source.id)}</abbr>`).join(" ");
    const why = `${clockWords(step.at)} · ${safe(stepWords(step))}`;
    return `<li>${flow}<b>${safe(stateTitle(`${step.flow}.${step.state}`))}</b><small>${why} ${sources}</small></li>`;
  });
  return card(say("path"), `<ol class="path">${steps.join("")}</ol>`, "path-card");
}

function sourceTitle(id) {
  const { title, article } = POLICY.sources[id];
  return `${tell(title)}${article ? ` ${article}` : ""}`;
}
