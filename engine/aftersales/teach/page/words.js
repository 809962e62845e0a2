// What the page itself says, in both languages, and the policy's words as people read them.

const WORDS = {
  brand: ["售后练习台", "After-sales trainer"],
  practice: ["练习", "Practise"],
  quiz: ["测验", "Quiz"],
  print: ["打印", "Print"],
  other_language: ["English", "中文"],
  choose_flow: ["选一个流程开始", "Choose a flow to start"],
  choose_hint: ["回答问题，看图上的路一步步亮起来；让时限过去，看没人答复时会怎样。", "Answer the questions and watch the path light up; let a deadline pass and see what silence leads to."],
  search: ["找流程", "Find a flow"],
  step: ["{} 步", "{} step"],
  steps: ["{} 步", "{} steps"],
  end: ["{} 种结局", "{} end"],
  ends: ["{} 种结局", "{} ends"],
  order: ["订单", "Order"],
  situation: ["货到哪一步", "Where the goods are"],
  not_shipped: ["已付款，未发货", "paid, not shipped"],
  on_the_way: ["已发货，未签收", "shipped, not delivered"],
  delivered: ["已签收 3 天", "delivered 3 days ago"],
  delivered_long: ["已签收 10 天", "delivered 10 days ago"],
  platform: ["平台", "Platform"],
  amount: ["实付", "Paid"],
  postage: ["运费", "Postage"],
  insured: ["运费险保到", "Insured up to"],
  not_insured: ["没有运费险", "no freight insurance"],
  apply: ["按此订单重来", "Start again with it"],
  rhythm: ["服务节奏", "Service rhythm"],
  now: ["现在", "Now"],
  due: ["截止", "due"],
  left: ["还有 {}", "{} left"],
  no_clock: ["没有时限", "no deadline"],
  let_pass: ["没人答复，时限已过", "Nobody answers: let it pass"],
  if_late: ["到时没有答复：", "With no answer by then: "],
  recorded: ["按“{}”记录", "recorded as “{}”"],
  hours_later: ["1 小时后", "1 hour later"],
  day_later: ["1 天后", "1 day later"],
  ask: ["要问的", "To ask"],
  other_value: ["其他值", "another value"],
  ok: ["确定", "OK"],
  at_most: ["最多 {}", "at most {}"],
  do: ["要做的", "To do"],
  duties: ["另外还欠着", "Still owed besides"],
  did: ["做好了", "Done"],
  pay: ["付 {}", "Pay {}"],
  after: ["先做：", "first: "],
  say: ["话术", "What to say"],
  money: ["钱", "Money"],
  leg: ["运费", "Postage"],
  advanced: ["谁先垫", "Advanced by"],
  borne: ["谁承担", "Borne by"],
  cost: ["金额", "Amount"],
  refund: ["退给买家", "Back to the buyer"],
  total: ["合计", "Total"],
  waits: ["还差：", "waits for: "],
  charge: ["买家付给卖家", "The buyer pays the seller"],
  recover: ["向第三方追偿", "Recovered from others"],
  transfers: ["钱怎么走", "Who pays whom"],
  insurer_pays: ["运费险赔 {}", "insurer pays {}"],
  no_money: ["到这一步还没有钱的往来。", "No money moves so far."],
  path: ["走过的路", "The way here"],
  opened: ["立案", "case opened"],
  nobody_answered: ["没人答复：{}", "no answer: {}"],
  took_place: ["发生了：{}", "it happened: {}"],
  outcome: ["结果", "Outcome"],
  liable: ["责任方", "Liable"],
  undecided: ["未定", "undecided"],
  shared: ["按比例分担", "shared"],
  open: ["处理中", "open"],
  settled: ["已定，还有事要做", "settled, work left"],
  closed: ["全部办完", "closed"],
  undo: ["退一步", "Undo"],
  again: ["重走", "Start again"],
  other_flow: ["换一个流程", "Other flow"],
  interrupts: ["随时可能发生", "May happen at any time"],
  picture: ["流程图", "Picture"],
  fit: ["看全图", "Whole picture"],
  page_before: ["上一页", "Page before"],
  page_after: ["下一页", "Next page"],
  zoom_in: ["放大", "Larger"],
  zoom_out: ["缩小", "Smaller"],
  sources: ["依据", "Sources"],
  warnings: ["注意", "Mind"],
  keys: ["键盘：数字选答案 · ↑↓ 换问题 · T 时限已过 · U 退一步", "Keys: numbers answer · ↑↓ another question · T deadline passes · U undo"],
  quiz_keys: ["键盘：数字选答案 · 回车下一题", "Keys: numbers answer · Enter goes on"],
  score: ["得分", "Score"],
  round: ["第 {} 案", "Case {}"],
  case_story: ["案情", "The case"],
  silence: ["时限过了，没人答复", "the deadline passed, nobody answered"],
  q_bearer: ["{}最后由谁承担？", "Who bears the {} in the end?"],
  q_liable: ["责任在谁？", "Who is liable?"],
  q_refund: ["一共退给买家多少钱？", "How much goes back to the buyer?"],
  q_next: ["接下来要做哪一件？", "Which of these is to be done next?"],
  no_leg: ["没有这段运费", "there is no such postage"],
  right: ["答对了", "Right"],
  wrong: ["不对，正确答案是：{}", "Not so. The answer: {}"],
  why: ["为什么", "Why"],
  next: ["下一题", "Next question"],
  see_case: ["看这一案", "See the case"],
  then_on: ["接着", "then"],
  next_case: ["下一案", "Next case"],
  of_three: ["第 {} 题，共 {} 题", "Question {} of {}"],
  quiz_intro: ["每案三问：谁承担运费、退多少、下一步做什么。", "Three questions a case: who bears the postage, how much is refunded, what is next."],
  hidden: ["答完三题，这里会亮出这一案走过的路。", "After the three questions the way of this case lights up here."],
  quiz_number: ["题号", "Quiz no."],
  same_quiz: ["同一题号，题目相同", "same number, same questions"],
  not_sayable: ["此处不能这样答：{}", "That cannot be answered here: {}"],
  none: ["无", "none"],
  made_from: ["离线可用。答案由政策编译而来：{}", "Works offline. The answers are compiled from the policy: {}"],
  nothing_asked: ["这一步不用再问。", "Nothing is left to ask here."],
  nothing_left: ["没有要做的了。", "Nothing is left to do."],
};

let lang = PAGE.lang;

/** Returns one of the page's own phrases, its places filled in. */
function say(key, ...filled) {
  const phrase = WORDS[key][lang === "zh" ? 0 : 1];
  return filled.reduce((text, word) => text.replace("{}", () => word), phrase);
}

const tell = (text) => (text ? text[lang] : "");

const escapeHtml = (text) =>
  String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const colon = () => (lang === "zh" ? "：" : ": ");

const comma = () => (lang === "zh" ? "、" : ", ");

/** Returns who somebody is: a role, a party, where an answer comes from. */
const who = (name) => tell(POLICY.roles[name] ?? POLICY.parties[name] ?? PAGE.who[name]) || (name in WORDS ? say(name) : name);

const stateTitle = (key) => tell(POLICY.states[key].title);

const lineTitle = (name) => tell(PAGE.lines[name] ?? POLICY.legs[name]?.title ?? POLICY.facts[name]?.title) || name;

/** Returns a value of a fact (as a case writes it) in words. */
function valueWords(name, value, now = null) {
  const fact = POLICY.facts[name];
  const read = value === null ? null : readValue(fact.kind, fact, value, name);
  return tell(sayValue(read, fact.kind, fact.titles, now));
}

/** Returns a fact with its value; a flag's side with its own title alone. */
function factWords(name, value, now = null) {
  const { title, titles } = POLICY.facts[name];
  const said = valueWords(name, value, now);
  return typeof value === "boolean" && titles?.[value] ? said : `${tell(title)}${colon()}${said}`;
}

const SIGNS = { and: "且", or: "或", not: "非", in: "属于", if: "若", else: "否则", insurer: "运费险", max: "取大", min: "取小" };

/** Returns a formula with titles in place of the policy's names. */
function formulaWords(text) {
  let asked = null;
  const words = text.split(/([A-Za-z_]\w*)/).map((word) => {
    if (word in POLICY.facts) {
      asked = word;
      return tell(POLICY.facts[word].title);
    }
    const titles = asked ? POLICY.facts[asked].titles : null;
    if (titles && word in titles) return tell(titles[word]);
    if (word in POLICY.params) return tell(POLICY.params[word].title);
    if (word in POLICY.legs) return tell(POLICY.legs[word].title);
    if (word in POLICY.parties) return tell(POLICY.parties[word]);
    return lang === "zh" ? (SIGNS[word] ?? word) : word;
  });
  return words.join("").replaceAll(" - ", " − ").replaceAll(" * ", " × ");
}

/** Returns why a step of the path was taken, in words. */
function stepWords(step) {
  if (step.edge === null) return say("opened");
  const late = /^no answer in time: (.*)$/.exec(step.because);
  if (late) {
    const names = late[1].split(", ").filter((name) => name in POLICY.facts);
    return say("nobody_answered", names.map((name) => tell(POLICY.facts[name].title)).join(comma()));
  }
  if (step.edge.includes("!")) return say("took_place", tell(POLICY.facts[step.because]?.title));
  const read = Object.entries(step.read).map(([name, value]) => factWords(name, value));
  const words = PAGE.conditions[step.edge];
  if (words) return tell(words) || say("then_on");
  return read.join(comma());
}

const clockWords = (iso) => (iso ? iso.slice(5, 16).replace("T", " ") : "—");
