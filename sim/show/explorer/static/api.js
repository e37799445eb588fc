// Questions to the server; each carries the whole state, so the server remembers nothing.

export class Refused extends Error {
  constructor(problems) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

async function answer(request) {
  let response;
  try {
    response = await request;
  } catch {
    throw new Refused(["the server does not answer; is it still running?"]);
  }
  if (response.ok) return response;
  let problems = [`the server answered ${response.status}`];
  try {
    problems = (await response.json()).problems ?? problems;
  } catch {
    // not JSON: the status has to do
  }
  throw new Refused(problems);
}

export async function get(path) {
  return (await answer(fetch(path))).json();
}

function post(path, question) {
  const headers = { "Content-Type": "application/json" };
  return answer(fetch(path, { method: "POST", headers, body: JSON.stringify(question) }));
}

export async function ask(path, question) {
  return (await post(path, question)).json();
}

export async function download(path, question, fileName) {
  const blob = await (await post(path, question)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
