// A purchase with Stripe's own library for Node: node purchase.mjs <the library> <port> < event
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [library, port] = process.argv.slice(2);
const Stripe = createRequire(import.meta.url)(library);
const stripe = new (Stripe.default ?? Stripe)("sk_test_123456789012", {
  host: "127.0.0.1",
  port,
  protocol: "http",
  maxNetworkRetries: 0,
  telemetry: false,
});

const refusal = async (call) => {
  try {
    await call();
  } catch (error) {
    return error;
  }
  throw new Error("it was not refused");
};

const product = await stripe.products.create({ name: "Kettle" });
const price = await stripe.prices.create({ product: product.id, currency: "eur", unit_amount: 1900 });
const session = await stripe.checkout.sessions.create({
  mode: "payment",
  success_url: "https://shop.test/success?session_id={CHECKOUT_SESSION_ID}",
  line_items: [{ price: price.id, quantity: 2 }],
  expand: ["line_items"],
});
await fetch(`http://127.0.0.1:${port}/_fake/sessions/${session.id}/pay`, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: "{}",
});
const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ["payment_intent"] });

for (let count = 0; count < 11; count += 1) await stripe.customers.create({ name: `Customer ${count}` });
let listed = 0;
for await (const customer of stripe.customers.list({ limit: 5 })) listed += customer.id ? 1 : 0;

const unknown = await refusal(() =>
  stripe.paymentIntents.create({ amount: 500, currency: "eur", customer: "cus_nobody" }),
);
const declined = await refusal(() =>
  stripe.paymentIntents.create({
    amount: 500,
    currency: "eur",
    payment_method: "pm_card_chargeDeclinedInsufficientFunds",
    confirm: true,
    return_url: "https://shop.test/",
  }),
);

const once = { idempotencyKey: "once" };
const first = await stripe.products.create({ name: "Cup" }, once);
const again = await stripe.products.create({ name: "Cup" }, once);

const { body, signature, secret } = JSON.parse(readFileSync(0, "utf8"));
const forged = await refusal(() => stripe.webhooks.constructEvent(`${body} `, signature, secret));

console.log(
  JSON.stringify({
    total: session.amount_total,
    line: session.line_items.data[0].description,
    paid: [paid.status, paid.payment_status, paid.payment_intent.status],
    listed,
    error: [unknown.type, unknown.code, unknown.param],
    declined: [declined.type, declined.code, declined.decline_code],
    replayed: first.id === again.id,
    event: stripe.webhooks.constructEvent(body, signature, secret).type,
    forged: forged.type,
  }),
);
