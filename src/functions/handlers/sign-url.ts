import { type Answer, httpHandler, unknownRoute } from '../http/api-handler';
import { signFolder } from '../sign/sign-folder';
import { signUrls } from '../sign/sign-urls';

const OPERATIONS: ReadonlyMap<string, Answer> = new Map([
  ['/urls', signUrls],
  ['/folders', signFolder],
]);

/** `POST /urls` and `POST /folders`. */
export const handler: Answer = httpHandler(async (event) => {
  const operation = OPERATIONS.get(event.resource);
  if (!operation) throw unknownRoute();
  return operation(event);
});
