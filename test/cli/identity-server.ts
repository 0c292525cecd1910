import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands for AWS STS in one thing: it says whose credentials these are. Source: AWS STS API Reference, GetCallerIdentity. */
export async function startIdentityServer(accountId: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () =>
      response.writeHead(200, { 'content-type': 'text/xml' }).end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
           <Arn>arn:aws:iam::${accountId}:user/ann</Arn><UserId>AIDA</UserId><Account>${accountId}</Account>
         </GetCallerIdentityResult></GetCallerIdentityResponse>`,
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
