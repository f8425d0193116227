select contact.seq as seq
from contact
where
    contact.deleted_at is null
    and (:customer_id is null or contact.customer_id = :customer_id)
    and (:role is null or contact.role = :role)
    and (:text is null or contact.seq in (
        select rowid from search_contact where search_contact match :text
    ))
