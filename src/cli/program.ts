import { availableParallelism } from 'node:os';
import { Command, Option } from 'commander';
import { readViewerCountry } from '../local/cloudfront/config/geo-restriction';
import { COULD_NOT_LOOK } from './doctor/finding';
import { parseDays, parseExpiresIn, parsePort, parsePublicPath, parseScope, parseWorkers } from './parse-options';
import { READY_MADE_STACK } from './ready-made';

/** Describes the commands and their options. A command's own file is loaded when the command runs. */
export function createProgram(version: string): Command {
  const program = new Command('edgepass')
    .description('Private files in S3, handed out as time-boxed CloudFront links: on this machine or on AWS.')
    .version(version)
    .showHelpAfterError('(edgepass --help lists the commands)');
  const dataDir = (): Option =>
    new Option('--data-dir <DIR>', 'the folder where the local runtime keeps everything').default('.edgepass');
  const port = (flag: string, what: string): Option =>
    new Option(`${flag} <N>`, `${what}; 0 takes any free port the first time; kept from then on`).argParser(parsePort);
  const stack = (): Option => new Option('--stack <NAME>', "the stack's name").default(READY_MADE_STACK);
  const profile = (): Option =>
    new Option('--profile <NAME>', "the AWS profile whose credentials to use, as the aws command's");
  const region = (): Option =>
    new Option('--region <REGION>', 'the AWS region').default(undefined, "the environment's or the profile's");
  /** Of a stack on AWS, or of a local runtime. */
  const eitherTarget = (command: Command): Command =>
    command
      .addOption(
        new Option('--data-dir <DIR>', 'the local runtime that runs there, in the place of AWS').conflicts([
          'stack',
          'profile',
          'region',
        ]),
      )
      .addOption(stack())
      .addOption(profile())
      .addOption(region())
      .option('--json', 'print one JSON object instead');

  program
    .command('dev')
    .description('run the stack on this machine')
    .addOption(dataDir())
    .addOption(port('--port', 'port of the AWS endpoint, S3 and SSM (first time: 8170)'))
    .addOption(port('--api-port', 'port of the REST API (first time: 8171)'))
    .addOption(port('--distribution-port', 'port of the distribution (first time: 8172)'))
    .option('--https', 'serve the distribution by HTTPS with HTTP/2 too, and redirect plain HTTP to it')
    .addOption(port('--https-port', 'port of the distribution by HTTPS (first time: 8173)'))
    .addOption(
      new Option('--edge-workers <N>', 'processes that serve the distribution; 0: the same that does all else')
        .default(Math.min(availableParallelism(), MOST_EDGE_WORKERS), 'the cores, at most 4')
        .argParser(parseWorkers),
    )
    .addOption(
      new Option('--viewer-country <CC>', 'the country of all viewers, for geographic restrictions').argParser(
        readViewerCountry,
      ),
    )
    .option('--outputs-file <F>', "write the stack's outputs there, as the CDK CLI does")
    .option('--app <DIR>', 'boot this cloud assembly instead of the ready-made stack')
    .option(
      '--follow-bucket',
      'let the distribution serve a changed file at once; CloudFront goes on serving its cache',
    )
    .option('--no-reason-header', 'do not tell in X-Edgepass-Reason why the distribution refused a request')
    .action(async (options) => (await import('./dev.js')).dev(options));
  program
    .command('env')
    .description('print what a shell needs to talk to the local runtime: eval "$(npx edgepass env)"')
    .addOption(dataDir())
    .option('--json', 'print one JSON object instead')
    .option('--as <ROLE>', "use the credentials of a function's role, lister or signer, to try what it may do")
    .action(async (options) => (await import('./env.js')).env(options));
  program
    .command('token')
    .description("print a JSON Web Token that the local runtime's API takes, where the stack has a JWT authorizer")
    .addOption(dataDir())
    .requiredOption('--scope <SCOPES>', 'what it allows, separated by spaces: "list sign:reports/"', parseScope)
    .option('--subject <NAME>', 'whom it is for', 'developer')
    .option('--expires-in <SECONDS>', 'how long it is good for', parseExpiresIn, 3600)
    .option('--json', 'print one JSON object instead')
    .action(async (options) => (await import('./token.js')).token(options));
  program
    .command('logs')
    .description('print what the functions of a local runtime have logged')
    .addOption(dataDir())
    .option('--follow', 'go on with what they log from now, until Ctrl-C')
    .option('--function <NAME>', 'of the functions with this in their name, in any case')
    .option('--audit', 'only who was granted what')
    .option('--json', 'print a JSON object a line')
    .action(async (options) => (await import('./logs/logs.js')).logs(options));
  program
    .command('deploy')
    .description('deploy the same stack to AWS with the CDK CLI; arguments after -- are passed to it')
    .option('--assembly <DIR>', 'where the assembly that is deployed goes', '.edgepass/deploy')
    .option('--bootstrap', 'prepare the AWS account for the CDK first (needed once an account and region)')
    .addOption(stack())
    .addOption(profile())
    .addOption(region())
    .option('--json', 'print one JSON object on stdout, all else on stderr')
    .argument('[cdk-arguments...]')
    .action(async (args, options) => (await import('./deploy/deploy.js')).deploy(args, options));
  program
    .command('destroy')
    .description('delete the stack from AWS; says first what goes and what is kept')
    .addOption(stack())
    .addOption(profile())
    .addOption(region())
    .option('--force', 'do not ask')
    .option('--json', 'print one JSON object on stdout, all else on stderr')
    .action(async (options) => (await import('./destroy.js')).destroy(options));
  eitherTarget(program.command('doctor'))
    .description(
      'look at the stack on AWS, or at a local runtime, for what goes wrong; exit code 0: healthy, 1: findings, 2: could not look',
    )
    .addOption(new Option('--max-key-age <DAYS>', 'call an older signing key old').default(365).argParser(parseDays))
    .addOption(
      new Option('--public-path <PATTERN>', 'a behavior that is meant to serve without a signature; may be given again')
        .default([])
        .argParser(parsePublicPath),
    )
    .addOption(
      new Option('--token <JWT>', 'for an API that takes tokens: one with the scopes "list sign"').env(
        'EDGEPASS_TOKEN',
      ),
    )
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : COULD_NOT_LOOK))
    .action(async (options) => (await import('./doctor/doctor.js')).doctor(options));
  const keys = program.command('keys').description('the keys that sign, on AWS or at a local runtime');
  eitherTarget(keys.command('list'))
    .description('print which keys CloudFront trusts, which signs and when each retires')
    .action(async (options) => (await import('./keys/keys.js')).listKeys(options));
  eitherTarget(keys.command('rotate'))
    .description('let another key take over; links of the former one stay open until they are over')
    .option('--now', 'for a key that others know: end every link, and sign with another key at once')
    .option('--force', 'with --now: do not ask')
    .action(async (options) => (await import('./keys/keys.js')).rotateKey(options));

  return program;
}

const MOST_EDGE_WORKERS = 4;
