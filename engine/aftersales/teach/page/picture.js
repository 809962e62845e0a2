// The picture of a flow, page by page: unpacked when it is first shown, the walked part strong and the rest pale.

const unpacked = new Map();

async function unpack(packed) {
  const bytes = Uint8Array.from(atob(packed), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

async function drawn(flow, page) {
  const key = `${flow}/${page}/${lang}`;
  if (!unpacked.has(key)) unpacked.set(key, await unpack(PAGE.pictures[flow][lang][page].svg));
  return unpacked.get(key);
}

const picture = { shown: null, flow: null, page: 0, decision: null, zoom: null };

/** Shows the page of a flow's picture on which the case stands, its path lit. */
async function showPicture(decision) {
  const { flow } = decision;
  await turnTo(flow, pageOf(decision), decision);
}

/** Returns the page on which the case stands: of several that show an end, the one it came from. */
function pageOf({ flow, path }) {
  const keys = path.filter((step) => step.flow === flow).map((step) => `${step.flow}.${step.state}`);
  const { nodes } = PAGE.pictures[flow];
  const last = nodes.map((shown, page) => page).filter((page) => keys[keys.length - 1] in nodes[page]);
  const before = keys.slice(0, -1).reverse().map((key) => nodes.findIndex((shown) => key in shown));
  return before.find((page) => last.includes(page)) ?? last[0] ?? 0;
}

/** Returns which picture is wanted; one that was unpacked for another page or language comes too late. */
const wanted = () => `${picture.flow}/${picture.page}/${lang}`;

async function turnTo(flow, page, decision) {
  Object.assign(picture, { flow, page, decision });
  const key = wanted();
  const svg = await drawn(flow, page);
  const frame = document.querySelector("#picture");
  if (!frame || key !== wanted()) return;
  if (picture.shown !== key || !frame.firstChild) {
    frame.innerHTML = svg;
    picture.shown = key;
    resize();
  }
  showPages();
  light(frame);
}

function showPages() {
  const pages = PAGE.pictures[picture.flow][lang];
  const title = `<span>${picture.page + 1} / ${pages.length}</span>`;
  const turn = (by, sign) => {
    const there = picture.page + by in pages;
    return `<button class="small" data-act="turn" data-by="${by}" ${there ? "" : "disabled"} aria-label="${say(by < 0 ? "page_before" : "page_after")}">${sign}</button>`;
  };
  document.querySelector("#pages").innerHTML = pages.length > 1 ? turn(-1, "‹") + title + turn(1, "›") : "";
  document.querySelector("#picture").setAttribute("aria-label", pages[picture.page].title);
}

const turnPage = (by) => turnTo(picture.flow, picture.page + by, picture.decision);

const ascii = (key) => key.replaceAll(".", "-").replace(/[^A-Za-z0-9_-]/g, "_");

/** Returns the class of all that lies on an edge, as the pictures name it. */
function wayClass(edge) {
  const [, source, mark, number] = /^(.*?)(->|~|!|\^)(\d+)$/.exec(edge);
  return `w-${ascii(source)}-${{ "->": "b", "~": "l", "!": "a", "^": "r" }[mark]}${number}`;
}

function light(frame) {
  const { flow, page, decision } = picture;
  const nodes = PAGE.pictures[flow].nodes[page];
  const svg = frame.querySelector("svg");
  frame.classList.add("walked");
  for (const node of svg.querySelectorAll(".lit, .here")) node.classList.remove("lit", "here");
  const standing = (step) => svg.querySelector(`#${CSS.escape(nodes[`${step.flow}.${step.state}`] ?? "none")}`);
  for (const step of decision.path) {
    standing(step)?.classList.add("lit");
    if (step.edge) for (const item of svg.querySelectorAll(`.${wayClass(step.edge)}`)) item.classList.add("lit");
  }
  const here = standing(decision);
  here?.classList.add("here");
  if (here) bringIntoView(frame, here);
}

function bringIntoView(frame, node) {
  const [box, around] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
  frame.scrollTo({
    left: frame.scrollLeft + box.left + box.width / 2 - around.left - around.width / 2,
    top: frame.scrollTop + box.top + box.height / 2 - around.top - around.height / 2,
    behavior: "instant",
  });
}

/** Sets the size of the picture: by default its text is as large as the page's small print. */
function resize(by = null) {
  const frame = document.querySelector("#picture");
  const svg = frame?.querySelector("svg");
  if (!svg) return;
  const { width, height } = svg.viewBox.baseVal;
  const whole = Math.min((frame.clientWidth - 16) / width, (frame.clientHeight - 56) / height);
  const usual = Math.max(whole, frame.clientWidth < 500 ? 1 : 1.2);
  if (by === "fit") picture.zoom = whole;
  else if (by) picture.zoom = Math.min(3, Math.max(0.1, (picture.zoom ?? usual) * by));
  svg.setAttribute("width", Math.round(width * (picture.zoom ?? usual)));
  svg.setAttribute("height", Math.round(height * (picture.zoom ?? usual)));
  const here = frame.querySelector(".here");
  if (here) bringIntoView(frame, here);
}
