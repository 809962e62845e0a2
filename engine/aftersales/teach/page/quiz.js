// The quiz: random cases walked with the policy itself, three questions each, scored and explained.

const quiz = { seed: null, round: 0, score: 0, asked: 0, case: null, question: 0, given: null };

function shuffled(list, roll) {
  const left = [...list];
  return list.map(() => left.splice(Math.floor(roll() * left.length), 1)[0]);
}

/** Walks a case with random answers to its end; null where it does not come to one. */
function randomCase(roll) {
  practice.found ??= entries();
  const { situation, facts } = practice.found[pick(Object.keys(practice.found), roll)];
  const amount = showMoney(100 * (5 + Math.floor(roll() * 200)));
  const postage = pick(["0.00", "8.00", "12.00"], roll);
  const insured = roll() < 0.3 ? "10.00" : null;
  const platform = POLICY.facts.platform ? pick(POLICY.facts.platform.values, roll) : null;
  const desk = walkUntil({ situation, platform, amount, postage, insured }, facts, roll, () => false);
  return !desk || desk.decision.status === "open" || desk.decision.refund.waiting.length ? null : desk;
}

/** Returns a case worth asking about: mostly one in which somebody bears postage or money goes back. */
function worthAsking(roll) {
  const wanted = roll();
  let found = null;
  for (let tried = 0; tried < 60; tried += 1) {
    const desk = randomCase(roll);
    if (!desk) continue;
    found = desk;
    const { postage, refund, next_actions: actions } = desk.decision;
    if (!actions.length || desk.history.length < 2) continue;
    if (wanted < 0.55 ? postage[askedLeg()] : wanted < 0.85 ? refund.total !== "0.00" : true) return desk;
  }
  return found;
}

const askedLeg = () => ("return" in POLICY.legs ? "return" : (Object.keys(POLICY.legs)[0] ?? null));

/** Returns the three questions of a case: text, options, the right one, and the explanation. */
function questionsOf(desk, roll) {
  return [bearerQuestion(desk, roll), refundQuestion(desk, roll), nextQuestion(desk, roll)].filter(Boolean);
}

function asked(text, right, others, why, roll) {
  const wrong = shuffled([...new Set(others)].filter((other) => other !== right), roll).slice(0, 3);
  return { text, right, options: shuffled([right, ...wrong], roll), why };
}

function bearerQuestion({ decision }, roll) {
  const leg = askedLeg();
  if (!leg) return asked(() => say("q_liable"), decision.liable, Object.keys(POLICY.parties), () => "", roll);
  const terms = decision.postage[leg];
  const right = terms ? terms.borne_by : "no_leg";
  const others = ["buyer", "seller", "carrier", "nobody", "no_leg"].filter((name) => name in POLICY.parties || name === "no_leg");
  const question = asked(() => say("q_bearer", lineTitle(leg)), right, others, () => legTable(decision) || `<p>${say("no_leg")}</p>`, roll);
  return { ...question, word: who };
}

function refundQuestion({ decision, order }, roll) {
  const [paid, postage] = [parseMoney(order.amount), parseMoney(order.postage)];
  const right = decision.refund.total;
  const near = [0, paid, paid + postage, paid - postage, paid + 1200, Math.floor(paid / 2), parseMoney(right) + postage, parseMoney(right) + 1000];
  const others = near.filter((fen) => fen >= 0).map(showMoney);
  const why = () => refundTable(decision) + itemTable("charge", decision.charges) || `<p>${say("total")} 0.00 · ${safe(tell(POLICY.outcomes[decision.outcome]))}</p>`;
  return { ...asked(() => say("q_refund"), right, others, why, roll), word: (amount) => amount };
}

function nextQuestion({ decision }, roll) {
  const { next_actions: actions, duties } = decision;
  if (!actions.length) return null;
  const owed = new Set([...actions, ...duties].map((action) => action.action));
  const facing = actions.filter((action) => !action.after.length);
  const right = (facing.find((action) => action.amount) ?? pick(facing, roll)).action;
  const elsewhere = POLICY.flows[decision.flow].states.flatMap((key) => POLICY.states[key].do.map(([name]) => name));
  const many = [...elsewhere, ...Object.keys(POLICY.actions).slice(0, 20)].filter((name) => !owed.has(name));
  const why = () => `<ul class="todo">${actions.map((action) => actionItem(action)).join("")}</ul>`;
  return { ...asked(() => say("q_next"), right, many.slice(0, Math.max(6, new Set(elsewhere).size)), why, roll), word: (name) => tell(POLICY.actions[name].title) };
}

function startQuiz(seed) {
  Object.assign(quiz, { seed, round: 0, score: 0, asked: 0, case: null });
  nextCase();
}

function nextCase() {
  quiz.round += 1;
  const roll = dice(quiz.seed * 1000 + quiz.round);
  const desk = worthAsking(roll);
  Object.assign(quiz, { case: { desk, questions: questionsOf(desk, roll) }, question: 0, given: null });
}

function quizView() {
  if (!quiz.case) startQuiz(quiz.seed ?? 1 + Math.floor(Math.random() * 9999));
  const { desk, questions } = quiz.case;
  const done = quiz.question >= questions.length;
  const shown = done ? `${nowCard(desk)}${moneyCard(desk)}${pathCard(desk)}` : questionCard(questions[quiz.question]);
  const onward = done ? `<button class="primary" data-act="next_case">${say("next_case")} ↵</button>` : "";
  const side = done || quiz.given !== null ? pictureFrame() : `<div class="picture-box hidden"><p>${say("quiz_intro")}<br>${say("hidden")}</p></div>`;
  return html`<div class="split"><div class="panel"><div class="row tools"><b>${say("round", quiz.round)}</b>
    <span class="score">${say("score")} <b>${quiz.score}</b> / ${quiz.asked}</span><span class="seed" title="${say("same_quiz")}">${say("quiz_number")} ${quiz.seed}</span></div>
    ${storyCard(desk)}${shown}${onward}<p class="keys">${say("quiz_keys")}</p></div>${side}</div>`;
}

function storyCard({ order, facts, history, decision }) {
  const told = [say(order.situation), `${say("amount")} ${order.amount}`, `${say("postage")} ${order.postage}`, order.insured ? `${say("insured")} ${order.insured}` : say("not_insured")];
  if (order.platform) told.unshift(valueWords("platform", order.platform));
  const first = Object.entries(facts).map(([name, value]) => storyLine(OPENED, name, value));
  const rest = history.flatMap(({ written, now }) =>
    written ? Object.entries(written.tell).map(([name, value]) => storyLine(now, name, value)) : [`<li><small>${clockWords(localInstant(now))}</small> <i>${say("silence")}</i></li>`],
  );
  const head = `<p class="where">${safe(tell(POLICY.flows[decision.flow].title))}</p><p>${told.map(safe).join(" · ")}</p>`;
  return card(say("case_story"), `${head}<ul class="story">${first.join("")}${rest.join("")}</ul>`, "story-card");
}

function storyLine(at, name, value) {
  const said = value === null ? answerWords({ fact: name }, value, {}) : factWords(name, value, at);
  return `<li><small>${clockWords(localInstant(at))}</small> ${chip(POLICY.facts[name].from)} ${safe(said)}</li>`;
}

function questionCard(question) {
  const { given } = quiz;
  const buttons = question.options.map((option, place) => {
    const mark = given === null ? "" : option === question.right ? "good" : option === given ? "bad" : "faded";
    return `<button class="answer ${mark}" data-act="give" data-place="${place}" ${given === null ? "" : "disabled"}><kbd>${place + 1}</kbd> ${safe(question.word(option))}</button>`;
  });
  const heading = say("of_three", quiz.question + 1, quiz.case.questions.length);
  const said = given === null ? "" : verdict(question, given);
  return card(heading, `<h3>${safe(question.text())}</h3><div class="answers tall">${buttons.join("")}</div>${said}`, "ask");
}

function verdict(question, given) {
  const good = given === question.right;
  const { desk, questions } = quiz.case;
  const last = quiz.question === questions.length - 1;
  const line = good ? say("right") : say("wrong", question.word(question.right));
  return html`<div class="verdict ${good ? "good" : "bad"}" role="status"><b>${good ? "✓" : "✗"} ${safe(line)}</b></div>
    <div class="why"><h4>${say("why")}</h4><p>${safe(tell(desk.decision.title))} · ${say("liable")}${colon()}${safe(desk.decision.liable ? who(desk.decision.liable) : say("undecided"))}</p>
    ${question.why()}${whyPath(desk)}</div><button class="primary" data-act="next">${say(last ? "see_case" : "next")} ↵</button>`;
}

function whyPath({ decision }) {
  const last = decision.path.slice(-3).map((step) => `<li><b>${safe(stateTitle(`${step.flow}.${step.state}`))}</b> <small>${safe(stepWords(step))}</small></li>`);
  return `<ol class="path">${last.join("")}</ol>`;
}

const quizActs = {
  give: ({ place }) => {
    if (quiz.given !== null) return;
    const question = quiz.case.questions[quiz.question];
    quiz.given = question.options[Number(place)];
    quiz.asked += 1;
    if (quiz.given === question.right) quiz.score += 1;
  },
  next: () => {
    quiz.question += 1;
    quiz.given = null;
  },
  next_case: () => nextCase(),
  zoom: practiceActs.zoom,
  turn: practiceActs.turn,
};

function quizKey(key) {
  if (key >= "1" && key <= "9") document.querySelectorAll(".panel .answer:not([disabled])")[Number(key) - 1]?.click();
  else if (key === "Enter") document.querySelector(".panel .primary")?.click();
  else return false;
  return true;
}
