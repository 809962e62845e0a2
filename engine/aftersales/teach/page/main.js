// The page itself: what is shown, and what a click or a key does.

const page = { mode: "practice" };

function render() {
  const view = document.querySelector("#view");
  document.documentElement.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = `${say("brand")} · ${tell(POLICY.title)}`;
  document.querySelector("#brand").textContent = say("brand");
  document.querySelector("#policy").textContent = `${tell(POLICY.title)} ${POLICY.version}`;
  for (const button of document.querySelectorAll("[data-words]")) button.textContent = say(button.dataset.words);
  for (const tab of document.querySelectorAll("[data-mode]")) tab.setAttribute("aria-pressed", tab.dataset.mode === page.mode);
  const frame = document.querySelector("#picture");
  const kept = frame && [...frame.childNodes];
  view.innerHTML = page.mode === "quiz" ? quizView() : practiceView();
  const place = document.querySelector("#picture");
  if (place && kept) place.append(...kept);
  const desk = page.mode === "quiz" ? quiz.case.desk : practice.desk;
  if (place && desk) showPicture(desk.decision);
}

function act(name, data) {
  const acts = page.mode === "quiz" ? quizActs : practiceActs;
  if (!(name in acts)) return;
  acts[name](data);
  if (!["zoom", "turn", "tell", "undo", "pass", "wait", "done"].includes(name)) render();
  if (["start", "next", "next_case", "leave"].includes(name)) window.scrollTo({ top: 0 });
}

function go(mode) {
  page.mode = mode;
  location.hash = mode === "quiz" ? `quiz/${quiz.seed ?? ""}` : "";
  render();
  if (mode === "quiz") history.replaceState(null, "", `#quiz/${quiz.seed}`);
}

/** Opens what the address names: #quiz/7 is quiz number 7, #flow/wrong_item a case of that flow. */
function openAddress() {
  const [kind, name] = location.hash.slice(1).split("/");
  if (kind === "quiz") {
    page.mode = "quiz";
    if (/^\d+$/.test(name ?? "") && Number(name) !== quiz.seed) startQuiz(Number(name));
  } else if (kind === "flow") {
    practice.found ??= entries();
    if (name in practice.found) start(name);
  }
  render();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act], [data-mode], [data-words]");
  if (!button) {
    const question = event.target.closest(".question");
    if (question && !event.target.closest("input") && !question.classList.contains("chosen")) {
      practice.chosen = Number(question.dataset.place);
      render();
    }
    return;
  }
  if (button.dataset.mode) go(button.dataset.mode);
  else if (button.id === "language") {
    lang = lang === "zh" ? "en" : "zh";
    render();
  } else if (button.id === "print") window.print();
  else if (button.dataset.act) act(button.dataset.act, button.dataset);
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  submitPractice(event.target);
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "search") return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const flow of document.querySelectorAll(".flow")) {
    const { zh, en } = POLICY.flows[flow.dataset.flow].title;
    flow.hidden = !`${zh} ${en} ${flow.dataset.flow}`.toLowerCase().includes(wanted);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select")) return;
  if (event.key === "Enter" && event.target.closest("button, summary")) return;
  if (event.key.startsWith("Arrow") && event.target.closest("#picture")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (page.mode === "quiz" ? quizKey(key) : practiceKey(key)) event.preventDefault();
});

window.addEventListener("resize", () => resize());
window.addEventListener("hashchange", openAddress);
openAddress();
