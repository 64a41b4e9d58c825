// node server.mjs FOLDER fill|right|disabled SEAT…
//
// FOLDER has Vendure installed. `fill` creates the tables and the seats at DATABASE_URL, and ends. Otherwise it serves the shop's
// API at PORT on the loopback, with a lock on the stock or without.

import { createRequire } from 'node:module';
import path from 'node:path';
import { paymentsOf } from './payments.mjs';

const [folder, task, ...seats] = process.argv.slice(2);
const core = createRequire(path.join(folder, 'package.json'))('@vendure/core');

const app = await core.bootstrap({
  apiOptions: {
    hostname: '127.0.0.1',
    port: Number(process.env.PORT),
    shopApiPath: 'shop-api',
    adminApiPath: 'admin-api',
  },
  authOptions: {
    tokenMethod: 'bearer', // a customer is known by a token of the first answer
    superadminCredentials: { identifier: 'superadmin', password: process.env.SUPERADMIN_PASSWORD },
    cookieOptions: { secret: process.env.SUPERADMIN_PASSWORD },
  },
  dbConnectionOptions: {
    type: 'postgres',
    url: process.env.DATABASE_URL,
    synchronize: task === 'fill',
    poolSize: 20, // as many at once as there are contenders
  },
  paymentOptions: { paymentMethodHandlers: [paymentsOf(core, task === 'right')] },
  logger: new core.DefaultLogger({ level: core.LogLevel.Error }),
  plugins: [],
});

if (task === 'fill') {
  await fill();
  await app.close();
  process.exit(0);
}

/** Countries, taxes, shipping and payment, and a product for each seat, with one in stock. */
async function fill() {
  await app.get(core.Populator).populateInitialData({
    defaultLanguage: 'en',
    defaultZone: 'Europe',
    countries: [{ name: 'Austria', code: 'AT', zone: 'Europe' }],
    taxRates: [{ name: 'Standard', percentage: 20 }],
    shippingMethods: [{ name: 'By post', price: 0 }],
    paymentMethods: [{ name: 'Race', handler: { code: 'race-payment', arguments: [] } }],
    collections: [],
  });
  const user = await app
    .get(core.TransactionalConnection)
    .rawConnection.getRepository(core.User)
    .findOneByOrFail({ identifier: 'superadmin' });
  const ctx = await app.get(core.RequestContextService).create({ apiType: 'admin', user });
  const [tax] = (await app.get(core.TaxCategoryService).findAll(ctx)).items;
  for (const seat of seats) {
    const product = await app.get(core.ProductService).create(ctx, {
      enabled: true,
      translations: [{ languageCode: 'en', name: seat, slug: seat.toLowerCase(), description: '' }],
    });
    await app.get(core.ProductVariantService).create(ctx, [
      {
        productId: product.id,
        sku: seat,
        price: 1000,
        taxCategoryId: tax.id,
        trackInventory: 'TRUE',
        stockOnHand: 1,
        translations: [{ languageCode: 'en', name: seat }],
      },
    ]);
  }
}
