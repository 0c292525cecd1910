import type { LocalRuntime } from '../local';

/** What `edgepass dev` prints when everything answers: the `ready` line, then what to paste next. */
export function printReadyBanner(
  local: LocalRuntime,
  { dataDir, seconds }: { dataDir: string; seconds: number },
): void {
  const { bucketName, endpoint, apiUrl, distributionUrl, environment, outputs } = local;
  const flag = dataDir === '.edgepass' ? '' : ` --data-dir ${quoted(dataDir)}`;
  console.log(`ready in ${seconds.toFixed(1)} s

  bucket        ${bucketName}
  AWS endpoint  ${endpoint}
  REST API      ${apiUrl}
  distribution  ${distributionUrl}${certificateNote(environment.EDGEPASS_CERTIFICATE)}${siteNote(outputs.SiteUrl)}

Try, in another terminal, in this folder:

  eval "$(npx edgepass env${flag})"
  echo "hello" > hello.txt
  aws s3 cp hello.txt s3://$EDGEPASS_BUCKET
  curl -H "x-api-key: $EDGEPASS_API_KEY" \${EDGEPASS_API_URL}s3objects
  curl -H "x-api-key: $EDGEPASS_API_KEY" -d '{"file": "hello.txt"}' \${EDGEPASS_API_URL}urls

then open the link that came back. Ctrl-C stops; files, keys and links are kept in ${dataDir}.
`);
}

const certificateNote = (path: string | undefined): string =>
  path === undefined ? '' : `\n  certificate   ${path} (curl --cacert "$EDGEPASS_CERTIFICATE", NODE_EXTRA_CA_CERTS)`;

const siteNote = (url: string | undefined): string => (url === undefined ? '' : `\n  web page      ${url}`);

/** As a shell takes it. */
const quoted = (text: string): string => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
