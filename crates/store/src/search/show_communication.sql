select
    communication.id,
    communication.customer_id,
    communication.subject,
    customer.name || ' · ' || communication.body
from communication
join customer on customer.id = communication.customer_id
where communication.seq = :seq
