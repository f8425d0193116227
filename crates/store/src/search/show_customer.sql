select
    customer.id,
    customer.id as customer_id,
    customer.name,
    customer.number
    || coalesce(' · ' || trim(customer_summary.postal_code || ' ' || customer_summary.city), '')
    || case when customer.phone <> '' then ' · ' || customer.phone else '' end
from customer
left join customer_summary on customer_summary.customer_seq = customer.seq
where customer.seq = :seq
