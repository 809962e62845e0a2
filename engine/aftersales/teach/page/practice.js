// Practising: a flow is chosen, its questions are answered, the picture shows where the case goes.

const practice = { desk: null, chosen: 0, found: null, fault: null };

function practiceView() {
  return practice.desk ? caseView(practice.desk) : chooserView();
}

function chooserView() {
  practice.found ??= entries();
  const flows = Object.keys(POLICY.flows).filter((name) => name in practice.found);
  flows.sort((one, other) => (other === POLICY.root) - (one === POLICY.root));
  const cards = flows.map((name) => {
    const { steps, ends } = PAGE.sizes[name];
    const counts = `${say(steps === 1 ? "step" : "steps", steps)} · ${say(ends === 1 ? "end" : "ends", ends)}`;
    return `<button class="flow" data-act="start" data-flow="${name}"><b>${safe(tell(POLICY.flows[name].title))}</b><small>${counts}</small></button>`;
  });
  return html`<div class="chooser"><h1>${say("choose_flow")}</h1><p>${say("choose_hint")}</p>
    <input id="search" type="search" placeholder="${say("search")}" aria-label="${say("search")}"><div class="flows">${cards}</div>
    <p class="keys">${say("made_from", `${POLICY.id} ${POLICY.version} · ${POLICY.digest.slice(0, 12)}`)}</p></div>`;
}

function caseView(desk) {
  const fault = practice.fault ? `<p class="fault" role="alert">${safe(say("not_sayable", formulaWords(tell(practice.fault.text))))}</p>` : "";
  return html`<div class="split"><div class="panel">${toolbar(desk)}${fault}${nowCard(desk)}${askCard(desk, practice.chosen)}${doCard(desk)}
    ${moneyCard(desk)}${warningCard(desk)}${pathCard(desk)}${orderCard(desk)}<p class="keys">${say("keys")}</p></div>${pictureFrame()}</div>`;
}

const pictureFrame = () => html`<div class="picture-box"><div id="pages" class="pages"></div><div class="zoom"><button class="small" data-act="zoom" data-by="0.8" aria-label="${say("zoom_out")}">−</button>
    <button class="small" data-act="zoom" data-by="1.25" aria-label="${say("zoom_in")}">+</button><button class="small" data-act="zoom" data-by="fit">${say("fit")}</button></div>
    <div id="picture" tabindex="0" role="img" aria-label="${say("picture")}"></div></div>`;

const toolbar = (desk) => html`<div class="row tools"><button class="small" data-act="leave">‹ ${say("other_flow")}</button>
    <button class="small" data-act="again">${say("again")}</button><button class="small" data-act="undo" ${desk.history.length ? "" : "disabled"}><kbd>U</kbd> ${say("undo")}</button></div>`;

function orderCard({ order }) {
  const option = (value, label, chosen) => `<option value="${value}"${chosen ? " selected" : ""}>${safe(label)}</option>`;
  const situations = Object.keys(SITUATIONS).map((name) => option(name, say(name), name === order.situation));
  const { platform } = POLICY.facts;
  const platforms = platform?.values.map((name) => option(name, tell(platform.titles[name]), name === (order.platform ?? platform.values[0])));
  const money = (name, value) => `<label>${say(name)}<input name="${name}" inputmode="decimal" value="${safe(value ?? "")}"${name === "insured" ? ` placeholder="${say("not_insured")}"` : ""}></label>`;
  const fields = html`<label>${say("situation")}<select name="situation">${situations}</select></label>
    ${platforms && `<label>${say("platform")}<select name="platform">${platforms.join("")}</select></label>`}
    ${money("amount", order.amount)}${money("postage", order.postage)}${money("insured", order.insured)}`;
  return `<details class="card order"><summary>${say("order")}</summary><form id="order">${fields}<button class="small">${say("apply")}</button></form></details>`;
}

function start(flow) {
  const { situation, facts, history = [] } = practice.found[flow];
  openCase({ ...DEFAULT_ORDER, situation }, facts);
  practice.desk.replay(history);
}

function openCase(order, facts) {
  practice.desk = new Desk(order, facts);
  practice.chosen = 0;
  practice.fault = null;
}

/** Lets something happen at the desk; what cannot be is said and changes nothing. */
function attempt(action) {
  practice.fault = null;
  try {
    action(practice.desk);
    practice.chosen = 0;
  } catch (fault) {
    if (!(fault instanceof Fault)) throw fault;
    practice.fault = fault;
  }
  render();
}

const practiceActs = {
  start: ({ flow }) => start(flow),
  leave: () => {
    practice.desk = null;
  },
  again: () => openCase(practice.desk.order, practice.desk.facts),
  undo: () => attempt((desk) => desk.undo()),
  pass: () => attempt((desk) => desk.passDeadline()),
  wait: ({ by }) => attempt((desk) => desk.wait(Number(by))),
  tell: ({ fact, value }) => attempt((desk) => desk.answer(fact, JSON.parse(value))),
  done: ({ action, amount }) => attempt((desk) => desk.done(action, amount)),
  turn: ({ by }) => turnPage(Number(by)),
  zoom: ({ by }) => resize(by === "fit" ? by : Number(by)),
};

/** Reads what was typed for a fact into the value that a case writes. */
function typed(name, text) {
  const { kind } = POLICY.facts[name];
  if (kind === "count") return Number(text);
  if (kind === "instant") return text ? localInstant(instantOf(Date.parse(`${text}:00Z`) / 1000)) : null;
  return text;
}

function submitPractice(form) {
  const fields = new FormData(form);
  if (form.id !== "order") {
    attempt((desk) => desk.answer(form.dataset.fact, typed(form.dataset.fact, fields.get("value").trim())));
    return;
  }
  const order = { ...Object.fromEntries(fields), insured: fields.get("insured").trim() || null };
  const { desk } = practice;
  attempt(() => openCase(order, desk.facts));
}

function practiceKey(key) {
  const { desk } = practice;
  if (!desk) return false;
  const needs = desk.decision.needs.length;
  if (key >= "1" && key <= "9") {
    const answer = document.querySelectorAll(".question.chosen .answer")[Number(key) - 1];
    answer?.click();
  } else if (key === "t") attempt((at) => at.passDeadline());
  else if (key === "u") attempt((at) => at.undo());
  else if ((key === "ArrowDown" || key === "ArrowUp") && needs) {
    practice.chosen = (practice.chosen + (key === "ArrowDown" ? 1 : needs - 1)) % needs;
    render();
    document.querySelector(".question.chosen .answer")?.focus();
  } else return false;
  return true;
}
