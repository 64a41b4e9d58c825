import fs from 'node:fs';

/** Documents that `init` reads, one of each format. */
const POSTMAN: unknown = JSON.parse(
  fs.readFileSync(new URL('../init/formats/inputs/box-office.postman.json', import.meta.url), 'utf8'),
);
const HAR = {
  log: {
    entries: [
      {
        startedDateTime: '2026-05-04T10:00:00Z',
        request: {
          method: 'POST',
          url: 'https://shop.test/orders',
          headers: [{ name: 'content-type', value: 'application/json' }],
          cookies: [{ name: 'sid', value: 'a' }],
          postData: { mimeType: 'application/json', text: '{"seat":1}', params: [{ name: 'a', value: 'b' }] },
        },
        response: { status: 201, headers: [], content: { mimeType: 'text/html', text: 'YQ==', encoding: 'base64' } },
      },
    ],
  },
};
const OPENAPI = {
  openapi: '3.1.0',
  servers: [{ url: 'https://{host}/v1', variables: { host: { default: 'api.test' } } }],
  security: [{ key: [] }],
  paths: {
    '/seats/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' } }],
      post: {
        operationId: 'book',
        parameters: [{ name: 'q', in: 'query', style: 'deepObject', example: { a: [1] } }],
        requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } } },
        responses: { 201: { content: { 'application/json': { examples: { a: { value: { id: 1 } } } } } } },
      },
    },
  },
  components: {
    schemas: {
      Id: { type: ['string', 'null'], examples: ['C-14'] },
      Order: {
        allOf: [{ type: 'object', required: ['seat'], properties: { seat: { $ref: '#/components/schemas/Id' } } }],
        oneOf: [{ $ref: '#/components/schemas/Order' }],
      },
    },
    securitySchemes: { key: { type: 'oauth2', flows: { password: { tokenUrl: '/token' } } } },
  },
};

export const CAPTURES: Readonly<Record<string, unknown>> = { HAR, OPENAPI, POSTMAN };
