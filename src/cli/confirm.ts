import { createInterface } from 'node:readline/promises';

/** @throws Error where nobody can be asked. */
export function requireTerminal(command: string): void {
  if (process.stdin.isTTY) return;
  throw new Error(`there is no terminal to ask in: "${command} --force" does it without a question`);
}

/** Asks for the name in place of a `y`, which is typed too easily. @returns True when it is typed. */
export async function confirmByName(question: string, name: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} Write its name to do it: `).finally(() => terminal.close());
  return answer.trim() === name;
}
