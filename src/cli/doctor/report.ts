import type { CheckResult } from './checks';
import type { DeployedSystem } from './deployed-system';

type Subject = Pick<DeployedSystem, 'where'>;

/** Prints the results for people: a line for each check that passed, and each finding with its fix. */
export function asText({ where }: Subject, results: readonly CheckResult[]): string {
  const lines = results.flatMap(({ title, findings, notChecked }) => {
    if (notChecked !== undefined) return [line('?', `${title}: not checked: ${notChecked}`)];
    if (findings.length === 0) return [line('ok', title)];
    return findings.flatMap(({ code, severity, what, fix }) => [
      line(severity, `${code}: ${what}`),
      line('', `fix: ${fix}`),
    ]);
  });
  return [where, ...lines, summary(results)].join('\n');
}

const WIDTH = 'information'.length;
const line = (mark: string, text: string): string => `  ${mark.padEnd(WIDTH)}  ${text}`;

function summary(results: readonly CheckResult[]): string {
  const findings = results.flatMap((result) => result.findings);
  const toFix = findings.filter(({ severity }) => severity !== 'information').length;
  const unknown = results.filter(({ notChecked }) => notChecked !== undefined).length;
  const said = [
    toFix > 0 && `${toFix} to fix`,
    unknown > 0 && `${unknown} of ${results.length} checks could not be made`,
  ].filter((part) => part !== false);
  return said.join(', ') || 'healthy';
}

/** Prints the same as JSON. */
export function asJson({ where }: Subject, results: readonly CheckResult[], exitCode: number): string {
  const report = {
    where,
    healthy: exitCode === 0,
    findings: results.flatMap(({ findings }) => findings),
    notChecked: results.flatMap(({ title, notChecked }) =>
      notChecked === undefined ? [] : [{ check: title, reason: notChecked }],
    ),
    passed: results.flatMap(({ title, findings, notChecked }) =>
      findings.length === 0 && notChecked === undefined ? [title] : [],
    ),
  };
  return JSON.stringify(report, null, 2);
}
