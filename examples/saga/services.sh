# Two services of a saga, each one line: it reads the events of others, and writes its own with the order's key. Exactly once, so nobody pays twice.
# A copy would keep the time of the record; an answer to it happens now. To be sourced, and run in the background: each becomes its kt.

# Payments: one order in five fails, that of a customer without money.
payments_service() {
  exec kt pipe "$orders" "$payments" --group "payments-$run" --exactly-once --from-beginning --where 'value.type === "OrderCreated"' \
    --map-record --map '{
      timestamp: now(),
      value: {type: value.order % 5 === 0 ? "PaymentFailed" : "PaymentCompleted", order: value.order, total: value.total}
    }'
}

# The compensator undoes what cannot be finished: it cancels the order.
compensator() {
  exec kt pipe "$payments" "$orders" --group "compensator-$run" --exactly-once --from-beginning --where 'value.type === "PaymentFailed"' \
    --map-record --map '{timestamp: now(), value: {type: "OrderCancelled", order: value.order}}'
}
