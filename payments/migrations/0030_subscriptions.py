import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import shop.orders.models.numbers
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0036_setup_future_usage'),
        ('orders', '0027_carts_of_customers'),
        ('payments', '0029_one_open_request'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SubscriptionInvoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=80)),
                ('stripe_invoice_id', models.CharField(max_length=255)),
                ('number', models.CharField(blank=True, max_length=80)),
                ('billing_reason', models.CharField(help_text='subscription_cycle, …', max_length=40)),
                ('status', models.CharField(choices=[('draft', 'Draft'), ('open', 'Open'), ('paid', 'Paid'), ('void', 'Void'), ('uncollectible', 'Uncollectible')], max_length=14)),
                ('currency', models.CharField(max_length=3)),
                ('amount_due', models.BigIntegerField(default=0)),
                ('amount_paid', models.BigIntegerField(default=0)),
                ('period_start', models.DateTimeField(blank=True, null=True)),
                ('period_end', models.DateTimeField(blank=True, null=True)),
                ('hosted_url', models.URLField(blank=True, max_length=2000)),
                ('pdf_url', models.URLField(blank=True, max_length=2000)),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('next_attempt_at', models.DateTimeField(blank=True, null=True)),
                ('no_order', models.CharField(blank=True, choices=[('nothing_due', 'nothing was due'), ('proration', 'it only evens out a change'), ('no_goods', 'nothing in it is sold here any more'), ('sold_out', 'sold out; the period was credited')], default='', max_length=12)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SubscriptionItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stripe_item_id', models.CharField(max_length=255)),
                ('title', models.CharField(max_length=250)),
                ('unit_amount', models.BigIntegerField(help_text='Whole minor units, each time.')),
                ('quantity', models.PositiveIntegerField(default=1)),
                ('interval', models.CharField(choices=[('day', 'Day'), ('week', 'Week'), ('month', 'Month'), ('year', 'Year')], max_length=5)),
                ('interval_count', models.PositiveSmallIntegerField(default=1)),
                ('is_delivery', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['is_delivery', 'id'],
            },
        ),
        migrations.AlterField(
            model_name='striperequest',
            name='kind',
            field=models.CharField(choices=[('create_session', 'Create Session'), ('expire_session', 'Expire Session'), ('capture', 'Capture'), ('release', 'Release'), ('refund', 'Refund'), ('detach_method', 'Detach Method'), ('set_default_method', 'Set Default'), ('make_portal', "make the portal's configuration"), ('open_portal', 'Open Portal'), ('update_subscription', 'Update Subscription'), ('cancel_subscription', 'Cancel Subscription')], max_length=20),
        ),
        migrations.CreateModel(
            name='Subscription',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('token', models.CharField(default=shop.orders.models.numbers.new_token, editable=False, max_length=64, unique=True)),
                ('account', models.CharField(max_length=80)),
                ('stripe_subscription_id', models.CharField(max_length=255)),
                ('status', models.CharField(choices=[('incomplete', 'Incomplete'), ('incomplete_expired', 'Incomplete Expired'), ('trialing', 'Trialing'), ('active', 'Active'), ('past_due', 'Past Due'), ('unpaid', 'Unpaid'), ('paused', 'Paused'), ('canceled', 'Canceled')], default='incomplete', max_length=18)),
                ('currency', models.CharField(max_length=3)),
                ('email', models.EmailField(blank=True, max_length=512)),
                ('name', models.CharField(blank=True, max_length=255)),
                ('phone', models.CharField(blank=True, max_length=50)),
                ('language', models.CharField(default='en', max_length=10)),
                ('billing_address', models.JSONField(blank=True, default=dict)),
                ('shipping_address', models.JSONField(blank=True, default=dict)),
                ('delivery', models.JSONField(blank=True, default=dict, editable=False)),
                ('stripe_payment_method_id', models.CharField(blank=True, default='', max_length=255)),
                ('period_start', models.DateTimeField(blank=True, null=True)),
                ('period_end', models.DateTimeField(blank=True, null=True)),
                ('trial_end', models.DateTimeField(blank=True, null=True)),
                ('cancel_at_period_end', models.BooleanField(default=False)),
                ('cancel_at', models.DateTimeField(blank=True, null=True)),
                ('canceled_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('paused_by', models.CharField(blank=True, default='', max_length=20)),
                ('resumes_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('next_look_at', models.DateTimeField(blank=True, db_default=django.db.models.functions.datetime.Now(), editable=False, null=True)),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subscriptions', to='payments.customer')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subscriptions', to='payments.checkoutsession')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subscriptions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='striperequest',
            name='subscription',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='payments.subscription'),
        ),
        migrations.AddField(
            model_name='subscriptioninvoice',
            name='order',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subscription_invoice', to='orders.order'),
        ),
        migrations.AddField(
            model_name='subscriptioninvoice',
            name='payment',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='subscription_invoice', to='payments.payment'),
        ),
        migrations.AddField(
            model_name='subscriptioninvoice',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='invoices', to='payments.subscription'),
        ),
        migrations.AddField(
            model_name='subscriptionitem',
            name='price',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.price'),
        ),
        migrations.AddField(
            model_name='subscriptionitem',
            name='subscription',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='payments.subscription'),
        ),
        migrations.AddField(
            model_name='subscriptionitem',
            name='variant',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='catalog.variant'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(condition=models.Q(('next_look_at__isnull', False)), fields=['next_look_at'], name='subscription_next_look'),
        ),
        migrations.AddIndex(
            model_name='subscription',
            index=models.Index(fields=['status', 'period_end'], name='subscription_by_next_date'),
        ),
        migrations.AddConstraint(
            model_name='subscription',
            constraint=models.UniqueConstraint(fields=('account', 'stripe_subscription_id'), name='stripe_subscription_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='subscription',
            trigger=pgtrigger.compiler.Trigger(name='status_follows_table', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."status", \':\', NEW."status") = ANY(\'{incomplete:incomplete_expired,incomplete:trialing,active:trialing,paused:trialing,incomplete:active,trialing:active,past_due:active,unpaid:active,paused:active,trialing:past_due,active:past_due,unpaid:past_due,trialing:unpaid,active:unpaid,past_due:unpaid,trialing:paused,active:paused,incomplete:canceled,trialing:canceled,active:canceled,past_due:canceled,unpaid:canceled,paused:canceled}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."status" IS DISTINCT FROM NEW."status") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "status" from "%" to "%" on table %\', OLD."status", NEW."status", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='aaa8f4e20cdad4df062b87ca8590692ab242198d', operation='UPDATE', pgid='pgtrigger_status_follows_table_32d58', table='payments_subscription', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='subscriptioninvoice',
            constraint=models.UniqueConstraint(fields=('account', 'stripe_invoice_id'), name='stripe_subscription_invoice_once'),
        ),
        migrations.AddConstraint(
            model_name='subscriptioninvoice',
            constraint=models.CheckConstraint(condition=models.Q(('order', None), ('no_order', ''), _connector='OR'), name='invoice_has_an_order_or_a_reason_for_none'),
        ),
        migrations.AddConstraint(
            model_name='subscriptionitem',
            constraint=models.UniqueConstraint(fields=('subscription', 'stripe_item_id'), name='stripe_subscription_item_once'),
        ),
        migrations.AddConstraint(
            model_name='subscriptionitem',
            constraint=models.CheckConstraint(condition=models.Q(('interval_count__gte', 1), ('unit_amount__gte', 0)), name='subscription_item_is_not_negative'),
        ),
    ]
