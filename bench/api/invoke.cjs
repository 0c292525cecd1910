// Runs a handler in a process of its own and prints, as JSON, what it took: node invoke.cjs FILE EXPORT EVENT COUNT, once as many again have warmed it up. A count of 0 ends at the
// first answer, as a cold start does.
const [file, name, event, count] = process.argv.slice(2);
const handler = require(file)[name];
const asked = JSON.parse(event);

async function main() {
  const answer = await handler(asked);
  if (answer.statusCode >= 300) throw new Error(`answered ${answer.statusCode}: ${answer.body}`);
  if (Number(count) === 0) return;
  for (let warm = 0; warm < Number(count); warm++) await handler(asked);
  const started = process.hrtime.bigint();
  for (let at = 0; at < Number(count); at++) await handler(asked);
  const each = Number(process.hrtime.bigint() - started) / 1e6 / Number(count);
  const memory = process.memoryUsage().rss / 2 ** 20;
  process.stderr.write(`${JSON.stringify({ each, memory })}\n`);
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
