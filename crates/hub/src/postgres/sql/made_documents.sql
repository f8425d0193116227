-- Documents with this content that a device's user made.
select document.id
from document
join account on account.user_id = document.created_by
join device on device.account_id = account.id
where device.id = $1 and document.sha256 = $2
