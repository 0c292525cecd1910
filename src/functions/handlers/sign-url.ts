import { type ApiHandler, createApiHandler, unknownRoute } from '../http/api-handler';
import { signFolder } from '../sign/sign-folder';
import { signUrls } from '../sign/sign-urls';

const OPERATIONS: ReadonlyMap<string, ApiHandler> = new Map([
  ['/urls', signUrls],
  ['/folders', signFolder],
]);

/** `POST /urls` and `POST /folders`. */
export const handler: ApiHandler = createApiHandler(async (event) => {
  const operation = OPERATIONS.get(event.resource);
  if (!operation) throw unknownRoute();
  return operation(event);
});
